import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dataFolder, startService } from '../support/start-service';
import { widgetClient, type WidgetClient } from '../support/widget-client';

const WIDGETS = 500;

test(`the service is killed under ${WIDGETS} open widgets: all come back within 30 s, not all at once, and nothing is lost or doubled`, async () => {
  const data = dataFolder();
  const env = { PORT: String(await freePort()) };
  const widgets: WidgetClient[] = [];
  const open = async (url: string, count: number) => {
    const opened = Array.from({ length: count }, () => widgetClient(url));
    widgets.push(...opened);
    await Promise.all(opened.map((widget) => widget.connection('online')));
  };
  let service = await startService(data.folder, env);
  // One address may not have 500 new conversations at once, and a new process counts anew. Its messages are counted, too:
  // most of the 190 to 300 s that this takes are spent waiting for that.
  await open(service.url, WIDGETS / 2);
  await service.kill();
  service = await startService(data.folder, env);
  await Promise.all(widgets.map((widget) => widget.connection('online')));
  await open(service.url, WIDGETS / 2);

  // Half of them are writing while it is killed, the others while it is down.
  const text = (own: number) => `how long does it last, asks visitor ${own}`;
  const half = widgets.slice(0, WIDGETS / 2);
  half.forEach((widget, own) => widget.say(text(own)));
  await widgets[0]?.delivers(text(0));
  const away = Promise.all(widgets.map((widget) => widget.connection('connecting')));
  await service.kill();
  await away;
  widgets.slice(WIDGETS / 2).forEach((widget, own) => widget.say(text(own + WIDGETS / 2)));
  service = await startService(data.folder, env);
  const ready = performance.now();
  const back: number[] = [];
  await Promise.all(
    widgets.map(async (widget) => {
      await widget.connection('online');
      back.push(performance.now() - ready);
    }),
  );
  const last = Math.max(...back);
  const inOneSecond = Math.max(
    ...back.map((from) => back.filter((at) => at >= from && at < from + 1_000).length),
  );
  await Promise.all(widgets.map((widget, own) => widget.delivers(text(own))));
  await Promise.all(widgets.map((widget) => widget.hears('touch-ups')));
  for (const [own, widget] of widgets.entries()) {
    expect(widget.texts().filter((said) => said === text(own))).toHaveLength(1);
    expect(widget.texts().filter((said) => said.includes('touch-ups'))).toHaveLength(1);
    expect(new Set(widget.ids()).size).toBe(widget.ids().length);
    expect(widget.startedOver()).toBe(0);
    widget.leave();
  }
  process.stderr.write(
    `${WIDGETS} widgets were back ${(last / 1000).toFixed(1)} s after the service, ${inOneSecond} of them in the busiest second\n`,
  );
  expect(last).toBeLessThan(30_000);
  expect(inOneSecond).toBeLessThan(WIDGETS);
  expect(await service.stop()).toBe(0);
  data.remove();
}, 600_000);

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
