import type { Knowledge } from '../../answers/knowledge';
import type { Say } from '../../conversation/reply';
import { SAY, START } from './read-events';

/** The events this service uses (messenger.md D.1); a page that lacks one of them loses messages or control. */
export const SUBSCRIBED_FIELDS = [
  'messages',
  'messaging_postbacks',
  'messaging_optins',
  'messaging_referrals',
  'message_echoes',
  'message_reactions',
  'message_edits',
  'messaging_handovers',
  'messaging_policy_enforcement',
  'standby',
  'response_feedback',
] as const;

/** Meta's limits (messenger.md D.2); the greeting's is the older published one, which no newer page takes back. */
const LONGEST_GREETING = 160;
const LONGEST_MENU_TITLE = 30;
const LONGEST_QUESTION = 80;
const MOST_ICE_BREAKERS = 4;

/** Good first questions, the most asked with a full answer. */
const FIRST_QUESTIONS = ['what-is-smp', 'session-length', 'longevity-touchups'];

interface MenuItem {
  type: 'postback';
  title: string;
  payload: string;
}

/** Body of `POST /me/messenger_profile`. */
export interface PageProfile {
  get_started: { payload: string };
  greeting: { locale: 'default'; text: string }[];
  ice_breakers: { locale: 'default'; call_to_actions: { question: string; payload: string }[] }[];
  persistent_menu: { locale: 'default'; composer_input_disabled: false; call_to_actions: MenuItem[] }[];
}

/** What the page shows before and beside the chat, from the knowledge folder alone. */
export function pageProfile(knowledge: Knowledge, say: Say): PageProfile {
  const questions = FIRST_QUESTIONS.flatMap((id) => knowledge.entries.find((entry) => entry.id === id) ?? []);
  const book = say('conversation.book');
  const breakers = [...questions.map(({ question }) => question), book]
    .filter((question) => question.length <= LONGEST_QUESTION)
    .slice(0, MOST_ICE_BREAKERS)
    .map((question) => ({ question, payload: `${SAY}${question}` }));
  return {
    get_started: { payload: START },
    greeting: [{ locale: 'default', text: greeting(knowledge, say) }],
    ice_breakers: [{ locale: 'default', call_to_actions: breakers }],
    persistent_menu: [
      {
        locale: 'default',
        composer_input_disabled: false,
        call_to_actions: [
          menuItem(book, book),
          menuItem(say('conversation.menuPerson'), 'person'),
          menuItem(say('conversation.menuHelp'), 'help'),
          menuItem(say('conversation.menuDelete'), 'delete my data'),
        ],
      },
    ],
  };
}

function menuItem(title: string, says: string): MenuItem {
  return { type: 'postback', title: title.slice(0, LONGEST_MENU_TITLE), payload: `${SAY}${says}` };
}

/** The welcome's first sentences, as many as fit. */
function greeting(knowledge: Knowledge, say: Say): string {
  const [first = ''] = say('conversation.welcome', { clinic: knowledge.clinic.name }).split('\n\n');
  if (first.length <= LONGEST_GREETING) return first;
  const end = first.slice(0, LONGEST_GREETING).lastIndexOf('. ');
  return end > 0 ? first.slice(0, end + 1) : first.slice(0, LONGEST_GREETING);
}
