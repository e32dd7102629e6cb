import type { Knowledge } from '../../src/answers/knowledge';
import { knowledgeOf } from './knowledge';

/** A clinic with ten entries: enough to tell neighbours apart, small enough to read. */
export function smallClinic(more: Partial<Omit<Knowledge, 'entries'>> = {}): Knowledge {
  return knowledgeOf(
    [
      {
        id: 'session-length',
        title: 'How long one session takes',
        question: 'How long does one session take?',
        phrasings: [
          'duration of a single sitting',
          'how many hours is an appointment',
          'how long will i be in the chair',
          'time needed per visit',
        ],
        followUps: ['sessions-count'],
      },
      {
        id: 'sessions-count',
        title: 'How many sessions',
        question: 'How many sessions do I need?',
        phrasings: [
          'number of appointments',
          'is one visit enough',
          'how often do i have to come in',
          'how many treatments in total',
        ],
        followUps: ['session-length'],
      },
      {
        id: 'longevity',
        title: 'How long it lasts',
        question: 'How long does it last?',
        phrasings: [
          'is it permanent',
          'will it wear off one day',
          'when is a touch up needed',
          'how many years does the result stay',
        ],
        followUps: ['sessions-count'],
      },
      {
        id: 'price',
        approval: 'none',
        answer: '',
        title: 'Price',
        question: 'How much does it cost?',
        phrasings: [
          'what do you charge',
          'price list please',
          'how expensive is this',
          'what are your rates',
        ],
      },
      {
        id: 'pain',
        approval: 'none',
        answer: '',
        title: 'Pain',
        question: 'Does it hurt?',
        phrasings: ['is the treatment painful', 'do you numb the skin first', 'how bad is the pain'],
      },
      {
        id: 'candidates',
        title: 'Who it is for',
        question: 'Is it right for me?',
        phrasings: [
          'can i get it',
          'am i a good candidate',
          'who is it suitable for',
          'would it work for me',
        ],
      },
      {
        id: 'medical-conditions',
        approval: 'none',
        answer: '',
        title: 'Illness, medicine, pregnancy',
        question: 'Can I have it with a medical condition?',
        phrasings: [
          'i have lupus, is that a problem',
          'i take blood thinners',
          'pregnant right now',
          'can diabetics get this done',
          'is epilepsy a reason against it',
        ],
        danger: ['candidates'],
      },
      {
        id: 'women',
        title: 'Women',
        question: 'Is it for women too?',
        phrasings: ['do you treat ladies', 'female hair loss', 'my wife is losing hair'],
      },
      {
        id: 'booking',
        kind: 'booking',
        question: 'Can I book an appointment?',
        phrasings: ['i want to book', 'schedule a consultation', 'make an appointment for me'],
      },
      {
        id: 'greeting',
        kind: 'small-talk',
        question: 'Hello',
        phrasings: ['hi there', 'good morning', 'hey', 'thanks a lot'],
      },
    ],
    {
      concepts: [
        {
          name: 'condition',
          words: ['lupus', 'diabetes', 'diabetic', 'epilepsy', 'pregnant', 'psoriasis', 'blood thinners'],
        },
        { name: 'money', words: ['cost', 'price', 'charge', 'how much', 'rates', 'expensive'] },
      ],
      background: [
        'what is the weather like today',
        'tell me a joke',
        'how tall is the eiffel tower',
        'can you fix my laptop',
        'order a pizza with cheese',
        'who won the football game',
        'translate this into french',
        'my dog is sick',
      ],
      safety: [
        {
          kind: 'crisis',
          phrases: ['kill myself', 'want to die'],
          except: ['die to get this done'],
          together: [],
          notAfter: [],
          past: [],
          text: 'Call or text 988.',
        },
        {
          kind: 'emergency',
          phrases: ['have fever', 'full of pus'],
          together: [],
          except: [],
          notAfter: [],
          past: [],
          text: 'See a doctor now.',
        },
      ],
      ...more,
    },
  );
}
