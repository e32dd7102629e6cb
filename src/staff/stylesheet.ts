import type { ConsoleRoute } from './guard';
import { sha256 } from './sessions';

/** Colours meet WCAG AA against their background in both schemes; sizes are in rem, so the reader's own apply. */
const STYLESHEET = `
:root {
  color-scheme: light dark;
  --page: #f6f5f2; --card: #ffffff; --line: #dcd9d2; --ink: #1f2328; --faint: #5c6066; --link: #0b5a6b;
  --accent: #0b5a6b; --on-accent: #ffffff; --soft: #e5f0f2; --visitor: #e5f0f2;
  --warn: #8a4b00; --warn-soft: #fdf0dc; --bad: #a0182b; --bad-soft: #fde8ea; --good: #1f6a3a; --good-soft: #e4f3e9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #16191c; --card: #1f2428; --line: #3a4147; --ink: #e9ebed; --faint: #a7afb6; --link: #7fd0e0;
    --accent: #7fd0e0; --on-accent: #0b2227; --soft: #1d3339; --visitor: #1d3339;
    --warn: #f2bd73; --warn-soft: #3a2c16; --bad: #ff9aa5; --bad-soft: #41191f; --good: #8fd6a6; --good-soft: #18331f;
  }
}
* { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); }
main { max-width: 72rem; margin: 0 auto; padding: 1rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .75rem 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .5rem 0; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.faint, small { color: var(--faint); font-size: .875rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem 1rem; z-index: 1; }
code, .id { font-family: ui-monospace, monospace; font-size: .85em; overflow-wrap: anywhere; }

.top { display: flex; flex-wrap: wrap; gap: 0 1.5rem; align-items: center; justify-content: space-between;
  padding: 0 1rem; background: var(--card); border-bottom: 1px solid var(--line); }
.top nav { display: flex; flex-wrap: wrap; }
.top nav a { padding: .75rem .75rem; text-decoration: none; color: var(--ink); border-bottom: 3px solid transparent; }
.top nav a[aria-current] { border-color: var(--accent); font-weight: 600; }
.top nav a:hover { background: var(--soft); }
[hidden] { display: none !important; }
.badge { position: relative; display: inline-block; margin-left: .4rem; padding: 0 .5em; border-radius: 1em; font-size: .8rem; font-weight: 600;
  background: var(--accent); color: var(--on-accent); }
.who { display: flex; flex-wrap: wrap; gap: 0 .75rem; align-items: center; padding: .4rem 0; font-size: .875rem; overflow-wrap: anywhere; }

button { font: inherit; font-weight: 600; padding: .5rem 1rem; min-height: 2.75rem; border-radius: 8px; cursor: pointer;
  border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent); }
button.quiet { background: var(--card); color: var(--ink); border-color: var(--faint); font-weight: 400; }
button.quiet:hover { background: var(--soft); }
button.danger { color: var(--bad); border-color: var(--bad); }
.who button { min-height: 2.25rem; padding: .25rem .75rem; }
input, select, textarea { font: inherit; width: 100%; min-height: 2.75rem; padding: .4rem .6rem; border-radius: 8px;
  border: 1px solid var(--faint); background: var(--card); color: var(--ink); }
label { font-size: .875rem; }
.field { margin: 1rem 0; }
.field label { display: block; font-weight: 600; margin-bottom: .25rem; }

.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1rem; }
.card.waiting { border-color: var(--warn); border-left-width: 5px; }
.card form { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem; }
.narrow .card { max-width: 26rem; margin: 8vh auto; padding: 1.5rem; }
.narrow .card form { display: block; }
.narrow button { width: 100%; }
.narrow h1 { margin-top: 0; }
.narrow { padding: 0 1rem; }
.password { font: 1.25rem ui-monospace, monospace; user-select: all; overflow-wrap: anywhere; }

.notice { padding: .6rem .9rem; border-radius: 8px; border: 1px solid; }
#live-note { position: sticky; top: .5rem; z-index: 1; max-width: 68rem; margin: .5rem auto 0; width: calc(100% - 2rem); }
.notice + .notice { margin-top: .6rem; }
.notice.problem { color: var(--bad); background: var(--bad-soft); }
.notice.done { color: var(--good); background: var(--good-soft); }
.last-reviewed { display: flex; flex-wrap: wrap; gap: .25rem .5rem; align-items: center; margin-bottom: 1rem; }
.last-reviewed button { min-height: 2.25rem; padding: .2rem .8rem; }
.empty { padding: 2rem 1rem; text-align: center; color: var(--faint); background: var(--card); border: 1px dashed var(--line); border-radius: 12px; }
h1.waits { color: var(--warn); }
h1.calm { color: var(--good); }

[data-refreshes], #about { overflow-anchor: none; }
.rows { list-style: none; margin: .5rem 0; padding: 0; background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
.rows > li + li { border-top: 1px solid var(--line); }
.rows > li > a, .accounts > li { display: grid; grid-template-columns: 1fr auto; gap: .1rem .75rem; padding: .7rem 1rem; text-decoration: none; color: inherit; }
.rows > li.plain > a { display: inline; padding: 0; color: var(--link); text-decoration: underline; }
.rows > li > a:hover { background: var(--soft); }
.rows > li > a:focus-visible, .rows > li:focus-visible { outline-offset: -3px; }
.rows .faint, .rows .whole { grid-column: 1 / -1; }
.rows .said { overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow-wrap: anywhere; }
.rows strong { overflow-wrap: anywhere; }
.accounts details { grid-column: 1 / -1; }
.accounts form { padding: .5rem 0; }

.tag { display: inline-block; padding: .05rem .55rem; border-radius: 1em; font-size: .8rem; font-weight: 600; white-space: nowrap;
  background: var(--soft); color: var(--link); }
.tag.safety, .tag.failed-turn, .tag.delete-data, .tag.overdue { background: var(--bad-soft); color: var(--bad); }
.tag.unanswered, .tag.unsure, .tag.person-wanted, .tag.visitor-waits, .tag.status-new { background: var(--warn-soft); color: var(--warn); }
.tag.reviewed, .tag.status-booked, .tag.status-done { background: var(--good-soft); color: var(--good); }
.reasons { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: .5rem 0; padding: 0; }
.reasons a { display: inline-block; padding: .35rem 0; text-decoration: none; color: var(--ink); }

.filter { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: end; margin: .5rem 0 1rem; }
.filter label { flex: 1 1 9rem; max-width: 18rem; }
.filter .tick { flex: 0 0 auto; padding: .6rem 0; }
.filter > a { padding: .6rem 0; }
.tabs { display: flex; flex-wrap: wrap; gap: .25rem; margin-bottom: .75rem; }
.tabs a { padding: .45rem .8rem; border-radius: 8px; text-decoration: none; color: var(--ink); }
.tabs a[aria-current] { background: var(--soft); font-weight: 600; }
.filter .search { flex: 2 1 16rem; max-width: 28rem; }
.filter .more { flex-basis: 100%; }
.more .filter { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); }
.cluster-row .filter label { max-width: 26rem; flex-basis: 20rem; }
.filter .more summary { cursor: pointer; padding: .3rem 0; color: var(--link); }
.label { display: inline-block; margin-left: .4rem; padding: 0 .5rem; border-radius: 6px; border: 1px solid var(--line); background: var(--page); font-size: .8rem; font-weight: 400; color: var(--ink); }
button.label { min-height: 2rem; margin: 0; }
.tagging { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; }
.tagging input { flex: 1 1 6rem; width: auto; min-width: 0; min-height: 2.25rem; }
.tagging .quiet { min-height: 2.25rem; padding: .2rem .8rem; }
.notes { list-style: none; margin: 0; padding: 0; }
.notes li { padding: .5rem .75rem; margin-bottom: .5rem; background: var(--warn-soft); border-radius: 8px; overflow-wrap: anywhere; }
.notes p { margin: 0; white-space: pre-wrap; }
#notes form { display: grid; gap: .4rem; justify-items: start; }
.now, .teach { margin: .25rem 0 0; padding-left: .9rem; font-size: .875rem; }
.reweighed { margin-top: .75rem; }
.now { color: var(--good); font-weight: 600; }
.rows > li.plain { display: grid; grid-template-columns: 1fr auto; gap: .1rem .75rem; padding: .7rem 1rem; }
.tag.undelivered { background: var(--bad-soft); color: var(--bad); }
footer { max-width: 72rem; margin: 0 auto; padding: 0 1rem 2rem; color: var(--faint); font-size: .875rem; }
.keys summary { cursor: pointer; padding: .3rem 0; }
.keys dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: .2rem 1rem; margin: .5rem 0; }
.keys dl > div { display: flex; gap: .6rem; }
.keys dt { flex: 0 0 3.2rem; } .keys dd { margin: 0; }
kbd { font: .85em ui-monospace, monospace; border: 1px solid var(--faint); border-radius: 4px; padding: 0 .35em; }
.who a { color: inherit; text-decoration: none; }
.who a:hover { text-decoration: underline; }
.two { display: grid; gap: 1.5rem; }
@media (min-width: 50rem) { .two { grid-template-columns: 1fr 1fr; } }
.two > * { min-width: 0; }
.said-list { margin: .25rem 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
.said-list li { margin: .15rem 0; }
.cluster { margin-bottom: 1rem; }
.cluster h3 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
.cluster form { align-items: end; }
.cluster label, .effect label { flex: 1 1 14rem; }
.better { color: var(--good); } .worse { color: var(--bad); }
.plot { display: block; width: 100%; height: auto; max-width: 46rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.plot text { fill: var(--faint); font-size: 12px; font-family: inherit; }
.plot .axis { stroke: var(--line); }
.plot .s0 { fill: var(--accent); stroke: var(--accent); } .plot .s1 { fill: #b06a1c; stroke: #b06a1c; } .plot .s2 { fill: #7a5ea8; stroke: #7a5ea8; } .plot .s3 { fill: #8a8f96; stroke: #8a8f96; }
.plot .line { fill: none; stroke-width: 2; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; margin: .4rem 0; padding: 0; font-size: .875rem; }
.legend svg { width: .8rem; height: .8rem; margin-right: .35rem; }
.legend .s0 { fill: var(--accent); } .legend .s1 { fill: #b06a1c; } .legend .s2 { fill: #7a5ea8; } .legend .s3 { fill: #8a8f96; }
.bar { fill: var(--accent); } .share { width: 6rem; height: .6rem; } figure { margin: 0; }
.qr { width: 12rem; height: 12rem; background: #fff; padding: .5rem; border-radius: 8px; }
.stacked { display: grid !important; gap: .75rem; justify-items: start; }
.stacked label { width: 100%; max-width: 24rem; }
.stacked label:has(textarea) { max-width: 42rem; }
.card.stacked { margin-bottom: 1rem; }
.card h2:first-child { margin-top: 0; }
.card.done { border-color: var(--good); border-left-width: 5px; }
.scrolls { overflow-x: auto; }
.figures.wide { max-width: none; }
.figures.wide th, .figures.wide td { text-align: left; overflow-wrap: anywhere; }
input[type=checkbox] { width: 1.1rem; min-height: 1.1rem; vertical-align: -.15rem; }
.paging { display: flex; gap: 1.5rem; padding: .5rem 0; }
.paging a, .back a { display: inline-block; padding: .5rem 0; }
.back { margin: 0; }
.back a::before { content: "\\2190\\00a0"; }

.figures { border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: 12px; border-spacing: 0; width: 100%; max-width: 36rem; }
.figures th, .figures td { padding: .4rem .75rem; text-align: right; font-weight: 400; border-top: 1px solid var(--line); font-variant-numeric: tabular-nums; }
.figures thead th, .figures thead td { border-top: 0; white-space: nowrap; color: var(--faint); font-size: .875rem; }
.figures th[scope=row], .figures th:first-child { text-align: left; }
.figures.narrow-head th[scope=row] { white-space: nowrap; }
.figures.periods th[scope=row] { min-width: 8.5rem; overflow-wrap: normal; }
.figures td { white-space: nowrap; }
.figures.wide td { white-space: normal; }

.reading { display: grid; gap: 1.5rem; }
.reading > * { min-width: 0; }
@media (min-width: 60rem) {
  .reading { grid-template: "transcript review" auto "transcript facts" 1fr / minmax(0, 1fr) 20rem; }
  .reading > section { grid-area: transcript; }
  .reading > .card { grid-area: review; }
  .reading > aside { grid-area: facts; }
  .reading.request { grid-template: "transcript facts" 1fr / minmax(0, 1fr) 24rem; }
}
.facts { margin: 0 0 1rem; }
aside .facts { margin-top: 1.5rem; }
#tags { margin-bottom: 1rem; }
.assign { display: flex; gap: .4rem; align-items: end; margin-bottom: 1rem; }
.assign label { flex: 1; min-width: 0; }
.views { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; justify-content: space-between; }
.views .tabs { margin: 0; }
button.small { min-height: 2.25rem; padding: .2rem .8rem; font-size: .875rem; }
.transcript.beside > li { margin-bottom: .5rem; font-size: .9rem; }
.history form { display: inline-flex; }
.way { display: block; white-space: normal; padding: .15rem 0; }
#notes h2 { margin-top: 0; }
.facts > div { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: .5rem; padding: .4rem 0; border-top: 1px solid var(--line); }
.facts dt { color: var(--faint); font-size: .875rem; padding-top: .1rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
.facts.wide { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: .5rem 1rem; }
.facts.wide > div:first-child { border-top: 0; }
.typed { display: block; }
.statuses { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; }
button.quiet[aria-pressed=true] { background: var(--accent); color: var(--on-accent); border-color: var(--accent); font-weight: 600; }
.history { padding-left: 1.2rem; }

.transcript { list-style: none; margin: 0; padding: 0; }
.transcript > li { max-width: 42rem; margin: 0 0 1.25rem; }
.transcript .by { margin: 0 0 .15rem; font-size: .8rem; color: var(--faint); }
.transcript .text { display: inline-block; margin: 0; padding: .55rem .9rem; border-radius: 14px; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--card); border: 1px solid var(--line); }
.transcript .visitor .text { background: var(--visitor); border-color: transparent; font-weight: 500; }
.transcript .bot { margin-left: 1.5rem; }
.transcript .staff .text { border: 1.5px solid var(--accent); }
.speak.there { border-color: var(--accent); border-left-width: 5px; }
.speak p { margin: .25rem 0; }
.speak textarea { flex: 1 1 100%; min-height: 4rem; resize: vertical; }
.draft { white-space: pre-wrap; overflow-wrap: anywhere; }
.no-way ul { margin: .25rem 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
.offered { display: flex; flex-wrap: wrap; gap: .35rem; list-style: none; margin: .4rem 0 0; padding: 0; }
.offered li { font-size: .8rem; padding: .1rem .6rem; border: 1px solid var(--line); border-radius: 1em; color: var(--faint); }
.decision { margin-top: .4rem; font-size: .875rem; color: var(--faint); border-left: 3px solid var(--line); padding-left: .75rem; }
.decision.none, .decision.clarify, .decision.handoff { border-color: var(--warn); }
.decision.safety { border-color: var(--bad); }
.decision summary { cursor: pointer; padding: .3rem 0; overflow-wrap: anywhere; }
.decision[open] { color: var(--ink); }
.decision dl { margin: .25rem 0; }
.decision dl > div { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: .5rem; }
.decision dt { color: var(--faint); }
.decision dd { margin: 0; overflow-wrap: anywhere; }
.candidates { border-collapse: collapse; margin: .5rem 0; }
.candidates caption { text-align: left; color: var(--faint); }
.candidates th { text-align: left; font-weight: 400; }
.candidates th, .candidates td { padding: .1rem .75rem .1rem 0; vertical-align: middle; }
.candidates td:last-child { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
meter { width: 6rem; height: .8rem; vertical-align: middle; }
@media (max-width: 30rem) {
  .decision dl > div, .facts > div { grid-template-columns: 1fr; gap: 0; padding: .3rem 0; }
  .candidates meter { width: 3rem; }
  .filter label { max-width: none; flex-basis: 100%; }
  .more .filter { grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); }
  .top nav { flex-wrap: nowrap; overflow-x: auto; }
  .share { width: 2rem; }
  .figures th[scope=row] { overflow-wrap: break-word; }
  .figures td:last-child { white-space: normal; }
  .plot text { font-size: 18px; }
  .scrolls .figures.wide { min-width: 40rem; }
  .transcript .bot { margin-left: .75rem; }
  .top { padding: 0 .25rem; }
  .top nav a { padding: .75rem .5rem; white-space: nowrap; }
  .who { padding-left: .5rem; flex: 1; flex-wrap: nowrap; justify-content: space-between; }
  .who button { white-space: nowrap; }
  .figures th, .figures td { padding: .4rem .35rem; }
}
`.trim();

/** Changes with the content, so that browsers may keep the file for ever. */
export const STYLESHEET_URL = `/staff/console.css?v=${sha256(STYLESHEET).slice(0, 8)}`;

export const stylesheetRoute: ConsoleRoute = {
  method: 'GET',
  path: '/staff/console.css',
  open: async () => ({
    status: 200,
    headers: {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    },
    body: STYLESHEET,
  }),
};
