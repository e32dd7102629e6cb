import { bareWords } from '../booking/bare-words';

/** "that doesn't help", "not what I asked", "useless bot", "this is rubbish": said of the answer before, as a whole message. */
export function saysItDidNotHelp(text: string): boolean {
  return text.length <= LONGEST && NO_HELP.test(bareWords(text));
}

const LONGEST = 80;

const VERY = '(?:(?:an?|the|so|such|really|just|totally|completely|absolutely|fucking|bloody|damn) )*';
const USELESS =
  '(?:useless|worthless|pointless|rubbish|garbage|crap|trash|a joke|no use|(?:a )?waste of (?:my )?time)';
const STUPID = '(?:stupid|dumb|shit|shitty|idiot|idiotic|moron|pathetic|terrible|awful|hopeless|worst)';
const BOT = '(?:bot|chat ?bot|robot|machine|assistant|chat)';
const NO_HELP = new RegExp(
  '^(?:(?:no|nope|ok|okay|but|well|sorry|um|so|and|yeah|hmm|lol|seriously) )*(?:' +
    "(?:(?:that|this|it)(?:'?s| is| was)? )?not (?:really |very |exactly |at all |even )*(?:an answer|helpful|useful|(?:answering )?(?:what i (?:asked|meant|wanted|mean)|(?:my|the) question)|an answer to (?:my|the) question)|" +
    "(?:that|this|it)(?: really)? (?:does not|doesn'?t|did not|didn'?t|is no|isn'?t|was no|wasn'?t|is not|was not)(?: (?:really|even|exactly|an|any|of any))* (?:help(?:ful)?(?: me)?(?: at all| much)?|useful|use|answer (?:my|the) question|answer(?: it| that)?|what i (?:asked|meant|wanted))|" +
    "you (?:did not|didn'?t|have not|haven'?t|are not|aren'?t|still (?:did not|didn'?t|haven'?t))(?: (?:really|even|actually))* (?:answer(?:ed|ing)?(?: (?:me|it|that|(?:my|the) questions?))?|help(?:ed|ing)?(?: me)?)|" +
    'no help|unhelpful|useless answer|' +
    `(?:(?:you|u|this|that|it|(?:this|the|your) (?:answer|thing|${BOT}))(?:'?s|'?re| is| are| r)? )?${VERY}${USELESS}(?: (?:answer|thing|${BOT}))?|` +
    `(?:you|u)(?:'?re| are| r)? ${VERY}${STUPID}(?: ${BOT})?|(?:what an? |you |this )?${VERY}${STUPID} ${BOT}|(?:this|the|your) ${BOT} is ${VERY}${STUPID}|` +
    '(?:you|this|it|bot)(?: really| just)? sucks?' +
    ')(?: (?:lol|at all|though|tho|bro|mate|man|dude|sorry|thanks|anyway|either|again))*$',
);
