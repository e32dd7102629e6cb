import { DateTime } from 'luxon';
import type { HttpResponse } from '../http/route';
import { page } from './guard';
import type { ConsoleRequest, ConsoleRoute } from './guard';
import { InsightPage } from './pages/insight-page';
import type { Frame } from './pages/layout';
import type { Figures } from './ports';
import type { StaffMember } from './sessions';

/** Times to choose from, in days. */
const SPANS = [7, 30, 90] as const;

/** What came in and what became of it, over time. */
export function insightRoutes(parts: {
  figures: Figures;
  clinicZone: string;
  frameOf: (member: StaffMember) => Promise<Frame>;
}): ConsoleRoute[] {
  const { figures, clinicZone, frameOf } = parts;

  async function show({ query }: ConsoleRequest, member: StaffMember): Promise<HttpResponse> {
    const frame = await frameOf(member);
    const span = SPANS.find((days) => String(days) === query.get('days')) ?? 30;
    const tomorrow = DateTime.fromJSDate(frame.now, { zone: clinicZone }).startOf('day').plus({ days: 1 });
    const from = tomorrow.minus({ days: span });
    const channel = query.get('channel') || undefined;
    const insight = await figures.insight(isoUtc(from), isoUtc(tomorrow), clinicZone, channel);
    const firstDay = from.toISODate() ?? '';
    return page(200, <InsightPage {...{ frame, insight, span, spans: SPANS, channel, firstDay }} />);
  }

  return [{ method: 'GET', path: '/staff/insight', handle: show }];
}

function isoUtc(time: DateTime): string {
  return time.toUTC().toISO() ?? '';
}
