import path from 'node:path';
import type { Browser } from 'playwright-core';
import { fillDemo } from '../../src/cli/fill-demo';
import { readKnowledge } from '../../src/curation/read-knowledge';
import { loadKnowledge } from '../../src/keep-knowledge';
import type { Database } from '../../src/storage/open-database';
import { openDatabase } from '../../src/storage/open-database';
import { startBrowser } from '../support/browser';
import { startConsole } from '../support/staff-console';
import type { StaffBrowser } from '../support/staff-console';
import { startPostgres } from '../support/start-postgres';
import { dataFolder } from '../support/start-service';

/** Of the list, its filters and the search; of the first paint in Chromium. */
const P95_MS = 150;
const FIRST_PAINT_MS = 500;
const WARM_UP = 2;
const LONGEST = '/staff/insight?days=90';

export interface ConsoleBench {
  conversations: number;
  engines: string[];
  /** Each page is asked for so often. */
  times: number;
}

/** The pages that the figures are promised for, as staff come to them, and what is asked for differs each time. */
const PAGES: { name: string; path: (time: number) => string }[] = [
  { name: 'list', path: () => '' },
  { name: 'a page further on', path: (time) => `at=${daysAgo(3 + time)}&id=demo` },
  { name: 'waiting for review', path: () => 'show=waiting' },
  { name: 'reviewed', path: () => 'show=reviewed' },
  {
    name: 'of one reason',
    path: (time) => `reason=${pick(['safety', 'unanswered', 'unsure', 'person-wanted'], time)}`,
  },
  { name: 'of a channel', path: (time) => `channel=${pick(['messenger', 'directline'], time)}` },
  { name: 'of a day', path: (time) => `from=${day(time + 2)}&to=${day(time + 1)}` },
  { name: 'not understood', path: () => 'outcome=none' },
  {
    name: 'of an entry',
    path: (time) => `entry=${pick(['price', 'pain', 'longevity-touchups', 'booking', 'age'], time)}`,
  },
  {
    name: 'of a tag',
    path: (time) => `tag=${pick(['vip', 'scar', 'women', 'call back'], time).replace(' ', '+')}`,
  },
  { name: 'least sure', path: (time) => `sure=${pick(['0.3', '0.5', '0.7'], time)}` },
  { name: 'of nobody', path: () => 'assigned=-nobody' },
  { name: 'of one of the staff', path: () => 'assigned=demo%40example.com' },
  { name: 'thumbs down', path: () => 'thumb=down' },
  { name: 'bookings that came to a name', path: () => 'reached=name' },
  {
    name: 'several filters',
    path: (time) => `channel=messenger&outcome=handoff&entry=price&from=${day(40 + time)}`,
  },
  {
    name: 'search, a common word',
    path: (time) => `search=${pick(['hair', 'how', 'long', 'treatment'], time)}`,
  },
  {
    name: 'search, a mistyped word',
    path: (time) => `search=${pick(['sesion', 'treatmnet', 'paniful', 'chemothrapy'], time)}`,
  },
  {
    name: 'search, two words',
    path: (time) =>
      `search=${pick(['gift cards', 'bring dog', 'long last', 'does hurt'], time).replace(' ', '+')}`,
  },
  {
    name: 'search, somebody’s number',
    path: (time) => `search=410+555+01${String(time % 100).padStart(2, '0')}`,
  },
  { name: 'search, nothing to find', path: (time) => `search=quokka${time}` },
];

/** @returns whether every promised figure was reached */
export async function runConsoleBench(
  print: (line: string) => void,
  options: ConsoleBench,
): Promise<boolean> {
  let withinTarget = true;
  const browser = await startBrowser();
  try {
    for (const engine of options.engines)
      withinTarget = (await measureEngine(print, engine, browser, options)) && withinTarget;
  } finally {
    await browser.close();
  }
  return withinTarget;
}

async function measureEngine(
  print: (line: string) => void,
  engine: string,
  browser: Browser,
  options: ConsoleBench,
): Promise<boolean> {
  const place = engine === 'postgres' ? await postgresPlace() : sqlitePlace();
  try {
    const database = await openDatabase(place.url);
    try {
      return await measure(print, engine, database, browser, options);
    } finally {
      await database.close();
    }
  } finally {
    await place.remove();
  }
}

async function measure(
  print: (line: string) => void,
  engine: string,
  database: Database,
  browser: Browser,
  { conversations, times }: ConsoleBench,
): Promise<boolean> {
  const loaded = loadKnowledge(readKnowledge(path.resolve('knowledge')).knowledge);
  const began = performance.now();
  await fillDemo(database, loaded, { amount: conversations, seed: 1, until: new Date(), days: 120 });
  print(
    `${engine}: ${conversations.toLocaleString('en-US')} conversations, made in ${Math.round((performance.now() - began) / 1000)} s`,
  );
  const site = await startConsole(database, {
    clock: () => new Date(),
    entries: () => loaded.knowledge.entries,
    answerNow: (text) => loaded.decide(text, {}),
  });
  try {
    const member = await site.member('admin', 'bench@clinic.test');
    const row = (name: string, figures: string, isWithin: boolean) => {
      print(`  ${name.padEnd(32)}${figures}${isWithin ? '' : '   OVER'}`);
      return isWithin;
    };
    print(
      `  ${''.padEnd(32)}${'median'.padStart(8)}${'p95'.padStart(8)}${'most'.padStart(8)}  ms, p95 at most ${P95_MS}`,
    );
    let withinTarget = true;
    for (const { name, path: pathOf } of PAGES) {
      const taken = await timesOf(member, (time) => `/staff/conversations?${pathOf(time)}`, times);
      withinTarget = row(name, columns(taken), at(taken, 0.95) <= P95_MS) && withinTarget;
    }
    row('insight, 90 days, first time', columns(await timesOf(member, () => LONGEST, 1, 0)), true);
    for (const [name, address] of [
      ['queue', '/staff'],
      ['requests', '/staff/requests'],
      ['teach', '/staff/teach'],
      ['insight, 30 days', '/staff/insight'],
      ['insight, 90 days', LONGEST],
      ['data', '/staff/data'],
    ] as const)
      row(name, columns(await timesOf(member, () => address, times)), true);
    const paints = await firstPaints(browser, site.url, member, Math.min(times, 10));
    print(`  ${'first paint in Chromium'.padEnd(32)}${columns(paints)}  at most ${FIRST_PAINT_MS}`);
    return withinTarget && at(paints, 0.95) <= FIRST_PAINT_MS;
  } finally {
    await site.close();
  }
}

async function timesOf(
  member: StaffBrowser,
  pathOf: (time: number) => string,
  times: number,
  warmUp = WARM_UP,
): Promise<number[]> {
  const taken: number[] = [];
  for (let time = 0; time < times + warmUp; time++) {
    const began = performance.now();
    const { status } = await member.get(pathOf(time));
    if (status !== 200) throw new Error(`${pathOf(time)} answered ${status}.`);
    if (time >= warmUp) taken.push(performance.now() - began);
  }
  return taken;
}

/** Of the list, with an empty cache each time. */
async function firstPaints(
  browser: Browser,
  url: string,
  member: StaffBrowser,
  times: number,
): Promise<number[]> {
  const paints: number[] = [];
  for (let time = 0; time < times; time++) {
    const context = await browser.newContext({ baseURL: url });
    await context.addCookies([{ name: 'sid', value: member.cookies.get('sid') ?? '', url }]);
    const page = await context.newPage();
    await page.goto('/staff/conversations');
    paints.push(await page.evaluate(firstPaint));
    await context.close();
  }
  return paints;
}

/** In the browser; the paint may be told of after the page has loaded. */
function firstPaint(): Promise<number> {
  return new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const [paint] = list.getEntriesByName('first-contentful-paint');
      if (paint) resolve(paint.startTime);
    }).observe({ type: 'paint', buffered: true });
  });
}

function columns(taken: number[]): string {
  return [at(taken, 0.5), at(taken, 0.95), Math.max(...taken)]
    .map((milliseconds) => milliseconds.toFixed(0).padStart(8))
    .join('');
}

/** The value that this share of them stays at or under. */
function at(taken: number[], share: number): number {
  const sorted = taken.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

function pick(items: string[], time: number): string {
  return items[time % items.length] ?? '';
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString();
}

function day(days: number): string {
  return daysAgo(days).slice(0, 10);
}

interface Place {
  url: string;
  remove: () => Promise<void>;
}

function sqlitePlace(): Place {
  const data = dataFolder();
  return { url: `sqlite:${path.join(data.folder, 'enquiries.db')}`, remove: async () => data.remove() };
}

/** With the durability of a real one, so that filling it is not flattered. */
async function postgresPlace(): Promise<Place> {
  const postgres = await startPostgres(['fsync=on', 'synchronous_commit=on']);
  return { url: postgres.url, remove: () => postgres.stop() };
}
