import { BOOKING_WORDING } from '../booking/wording';
import { WIDGET_WORDING } from '../conversation/widget-wording';
import { CONVERSATION_WORDING } from '../conversation/wording';

/** Key of wording.yaml to the `{places}` that its sentence may use. */
export type RequiredWording = Readonly<Record<string, readonly string[]>>;

/** Every sentence that the bot says beside the answers. */
export const REQUIRED_WORDING: RequiredWording = {
  ...CONVERSATION_WORDING,
  ...BOOKING_WORDING,
  ...WIDGET_WORDING,
};
