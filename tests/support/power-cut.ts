import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A power cut, as far as a program can notice one. What it writes is recorded together with its waits for the disk
 * (strace); from any instant of the record, the files are made that a disk could then hold: all that was waited for
 * is there, and of what was written since, each sector is there or is not, in no order.
 */
export type DiskEvent =
  | { is: 'printed'; text: string }
  | { is: 'written'; file: string; at: number; bytes: Buffer }
  | { is: 'shortened'; file: string; length: number }
  /** A wait begins: what was written to the file by now is safe once it is `synced`, by the same thread. */
  | { is: 'waiting'; file: string; thread: string }
  | { is: 'synced'; file: string; thread: string }
  | { is: 'deleted'; file: string };

/** @throws with what to install where nothing can be recorded. */
export function needRecorder(): void {
  if (spawnSync('strace', ['true']).status !== 0)
    throw new Error(
      'This needs strace (apt-get install strace), and a system that lets it look at a process.',
    );
}

/** What to put in front of a command. */
export function recordingTo(record: string): string[] {
  const calls = 'write,writev,pwrite64,pwritev,fdatasync,fsync,ftruncate,unlink';
  return ['strace', '-f', '-y', '-xx', '-s', '1000000', '-o', record, '-e', `trace=${calls}`];
}

/** What was printed, and what was done to the files of `folder`, in order. */
export function readRecord(record: string, folder: string): DiskEvent[] {
  const begun = new Map<string, string>();
  const events: DiskEvent[] = [];
  for (const line of readFileSync(record, 'latin1').split('\n')) {
    const [, thread = '', said = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const [, first] = /^(.*) <unfinished \.\.\.>$/.exec(said) ?? [];
    const call = first ?? said.replace(/^<\.\.\. \w+ resumed>/, () => begun.get(thread) ?? '');
    if (first !== undefined) begun.set(thread, first);
    const event = eventOf(call, folder, thread);
    if (event?.is === 'synced' && call === (first ?? said))
      events.push({ is: 'waiting', file: event.file, thread });
    if (event && first === undefined) events.push(event);
  }
  return events;
}

function eventOf(call: string, folder: string, thread: string): DiskEvent | undefined {
  const [, name, first = '', place = '', rest = ''] =
    /^(\w+)\((\d*)[<"]((?:\\x..|[^">\\])*)[">](.*)$/.exec(call) ?? [];
  if (name === undefined || / = -1 /.test(call)) return undefined;
  if (name === 'write' && first === '1') return { is: 'printed', text: textIn(rest).toString() };
  const where = unescaped(place).toString();
  if (path.dirname(where) !== folder) return undefined;
  const file = path.basename(where);
  if (name === 'pwrite64') return { is: 'written', file, at: lastNumber(rest), bytes: textIn(rest) };
  if (name === 'ftruncate') return { is: 'shortened', file, length: lastNumber(rest) };
  if (name === 'fdatasync' || name === 'fsync') return { is: 'synced', file, thread };
  if (name === 'unlink') return { is: 'deleted', file };
  throw new Error(`A write that is not replayed: ${call.slice(0, 200)}`);
}

function lastNumber(rest: string): number {
  return Number(/, (\d+)\) += \d+$/.exec(rest)?.[1]);
}

function textIn(rest: string): Buffer {
  return unescaped(/"((?:\\x..)*)"/.exec(rest)?.[1] ?? '');
}

function unescaped(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}

/** Below this a disk writes nothing, and above it everything may be torn. */
const SECTOR = 512;

type Change = Extract<DiskEvent, { is: 'written' | 'shortened' | 'deleted' }>;

/** A disk that events happen to, and whose power can be cut between any two of them. */
export class Disk {
  private readonly safe = new Map<string, Buffer>();
  private waiting: Change[] = [];
  /** By thread: what was there when its wait began. */
  private readonly waitedFor = new Map<string, ReadonlySet<Change>>();

  take(event: DiskEvent): void {
    if (event.is === 'printed') return;
    if (event.is === 'waiting') return void this.waitedFor.set(event.thread, new Set(this.waiting));
    if (event.is !== 'synced') return void this.waiting.push(event);
    const before = this.waitedFor.get(event.thread) ?? new Set();
    // File systems that keep a journal bring earlier deletions to the disk with the next wait, whichever file's.
    const isDone = (change: Change) =>
      before.has(change) && (change.file === event.file || change.is === 'deleted');
    for (const change of this.waiting.filter(isDone)) apply(change, this.safe);
    this.waiting = this.waiting.filter((change) => !isDone(change));
  }

  /** Leaves in `folder` what the disk may hold. `random` gives numbers from 0 to 1. */
  cutPower(folder: string, random: () => number): void {
    const left = new Map([...this.safe].map(([file, bytes]) => [file, Buffer.from(bytes)]));
    for (const change of this.waiting)
      for (const part of partsOf(change)) if (random() < 0.5) apply(part, left);
    mkdirSync(folder);
    for (const [file, bytes] of left) writeFileSync(path.join(folder, file), bytes);
  }
}

function partsOf(change: Change): Change[] {
  if (change.is !== 'written') return [change];
  const { file, at, bytes } = change;
  const parts: Change[] = [];
  for (let from = 0; from < bytes.length;) {
    const to = Math.min(bytes.length, from + SECTOR - ((at + from) % SECTOR));
    parts.push({ is: 'written', file, at: at + from, bytes: bytes.subarray(from, to) });
    from = to;
  }
  return parts;
}

function apply(change: Change, files: Map<string, Buffer>): void {
  const { file } = change;
  if (change.is === 'deleted') return void files.delete(file);
  const before = files.get(file) ?? Buffer.alloc(0);
  if (change.is === 'shortened') return void files.set(file, before.subarray(0, change.length));
  const missing = change.at + change.bytes.length - before.length;
  const after = missing > 0 ? Buffer.concat([before, Buffer.alloc(missing)]) : before;
  change.bytes.copy(after, change.at);
  files.set(file, after);
}
