import { readsAsQuestion } from './reads-as-question';

/**
 * A message dictated to a phone with the names of its signs: "I'd like an appointment period", "is it safe question
 * mark". One that has signs of its own was typed, and stays as it is.
 */
export function withSpokenSigns(text: string): string {
  if (/[.,!?;:]/.test(text) || !NAME_OF_A_SIGN.test(text)) return text;
  const signed = text
    .replace(/\s+question mark(?=\s|$)/gi, '?')
    .replace(/\s+exclamation (?:mark|point)(?=\s|$)/gi, '!')
    .replace(/\s+full stop(?=\s|$)/gi, '.')
    .replace(/(?<=\S)\s+comma(?=\s+\S)/gi, ',');
  // "How long is the healing period" ends with a word; so does "I'm on my period".
  return readsAsQuestion(signed) ? signed : signed.replace(PERIOD, '.');
}

const NAME_OF_A_SIGN = /mark|point|stop|comma|period/i;

const PERIOD =
  /(?<=\S\s+\S+)(?<!\b(?:a|an|the|my|her|your|our|this|that|any|no|on|first|last|late|heavy|healing|recovery|waiting|rest|time|grace|trial|whole|long|short))\s+period$/i;
