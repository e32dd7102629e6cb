type Where = 'local' | 'session';

/** What the embedding page's own storage has under this name; undefined where there is nothing or it is blocked. */
export function recall(where: Where, name: string): string | undefined {
  try {
    return storageOf(where).getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Only ever called after the visitor has used the widget. Without a value it is forgotten; blocked storage is too. */
export function remember(where: Where, name: string, value?: string): void {
  try {
    if (value === undefined) storageOf(where).removeItem(name);
    else storageOf(where).setItem(name, value);
  } catch {
    return;
  }
}

function storageOf(where: Where): Storage {
  return where === 'local' ? localStorage : sessionStorage;
}
