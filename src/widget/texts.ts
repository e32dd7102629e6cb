/** Every sentence that the chat page itself says; what the bot says comes from the knowledge folder. */
export const TEXTS = {
  you: 'You said:',
  assistant: 'Assistant said:',
  suggestions: 'Suggested replies',
  chosen: '(chosen)',
  summary: 'Your request so far',
  sending: 'Sending…',
  waiting: 'Waiting to be sent',
  refused: 'Not sent – try again',
  tryAgain: 'Try again now',
  connecting: 'Connecting…',
  reconnecting: 'Connection lost – trying to reconnect…',
  offline: 'You are offline. What you write is sent as soon as you are back.',
  unavailable: 'The chat is not available on this page.',
  startedOver: 'The earlier conversation has ended. This is a new one.',
  charactersLeft: (count: number) => `${count} character${count === 1 ? '' : 's'} left`,
  charactersOver: (count: number) => `${count} character${count === 1 ? '' : 's'} too many`,
} as const;
