/**
 * The widget as a site's own TypeScript sees it. Take this file into your project, or point to it:
 * `/// <reference path="./widget.d.ts" />`. Calls made before the script has loaded are queued, with this one line:
 *
 *     window.EnquiryBot ??= function () { (EnquiryBot.q ??= []).push(arguments); };
 */
export type EnquiryBotEvent = 'open' | 'close' | 'ready' | 'message' | 'unread' | 'destroy';

export interface EnquiryBot {
  (command: 'open' | 'close' | 'toggle' | 'destroy'): void;
  /** Opens the chat and sends the text as if the visitor had typed it. */
  (command: 'send', text: string): void;
  /** `count` comes with `unread` only. The same events reach the window as `enquirybot:open` and so on. */
  (command: 'on', event: EnquiryBotEvent, listener: (count?: number) => void): void;
  /** Calls made before the script had loaded. */
  q?: ArrayLike<unknown>[];
  /** The script has loaded. */
  loaded?: true;
}

declare global {
  interface Window {
    EnquiryBot?: EnquiryBot;
  }
  interface WindowEventMap {
    'enquirybot:open': CustomEvent<undefined>;
    'enquirybot:close': CustomEvent<undefined>;
    'enquirybot:ready': CustomEvent<undefined>;
    'enquirybot:message': CustomEvent<undefined>;
    'enquirybot:unread': CustomEvent<number>;
    'enquirybot:destroy': CustomEvent<undefined>;
  }
}
