import type { Say } from '../../conversation/reply';
import { WIDGET_WORDING } from '../../conversation/widget-wording';

/** The texts that `src/widget` shows, by their name there, places still open: `{count}`. */
export function widgetTexts(say: Say): Record<string, string> {
  return Object.fromEntries(
    Object.entries(WIDGET_WORDING).flatMap(([key, places]) => {
      const name = key.slice('widget.'.length);
      if (name.startsWith('plain')) return [];
      return [[name, say(key, Object.fromEntries(places.map((place) => [place, `{${place}}`])))]];
    }),
  );
}
