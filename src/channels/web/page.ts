import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { HttpResponse } from '../../http/route';

/** A Content-Security-Policy that allows nothing but what is named. */
export function policy(allowed: Record<string, string>): string {
  const all = {
    'default-src': "'none'",
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'require-trusted-types-for': "'script'",
    ...allowed,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

/** One of our own pages; asked for again each time unless `headers` say otherwise. */
export function page(
  content: VNode,
  contentSecurityPolicy: string,
  headers: Record<string, string> = {},
  status = 200,
): HttpResponse {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': contentSecurityPolicy,
      ...headers,
    },
    body: `<!doctype html>${renderToString(content)}`,
  };
}
