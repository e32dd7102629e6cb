/**
 * Yes and no as visitors of five other languages say them. A reply of nothing but such words is one where a word that
 * carries it is among them: "sí, envíalo", "oui c'est bon", "ja, so passt das", "pode sim", "sì, va bene". Data only;
 * `read-reply.ts` applies it. Left out is what is an English word of another meaning ("die", "am", "pure").
 */

/** They carry a yes by themselves. */
export const YES_ELSEWHERE: readonly string[] = words(
  // Spanish
  'si sí claro acepto acuerdo perfecto correcto exacto adelante envíalo envialo envíelo envielo enviar envía envíe mándalo mandalo',
  // Portuguese
  'sim claro certo aceito concordo perfeito correto enviar envie envia pode podem isso',
  // French
  "oui ouais volontiers accord parfait exact exactement confirme j'accepte accepte entendu envoyez envoyer envoie envoyez-le allez-y",
  // German
  'ja jawohl gerne gern sicher einverstanden natürlich natuerlich passt stimmt genau richtig selbstverständlich absenden abschicken senden schicken',
  // Italian
  'sì certo certamente volentieri sicuro perfetto corretto esatto accetto confermo invia inviare inviate invii invialo mandalo',
);

/** What stands around it without saying anything else. */
export const AROUND_YES_ELSEWHERE: readonly string[] = words(
  'por supuesto favor gracias muchas está esta bien muy bueno todo puede pueden eso así lo de la que es ya mis datos',
  'com certeza obrigado obrigada muito tudo bom ok os meus dados favor mande manda mandar',
  "merci beaucoup d'accord bien sûr sur c'est c'est-à-dire bon ça va tout vous pouvez s'il plaît plait svp le juste très plaisir avec",
  'bitte danke vielen dank das so alles gut ist in ordnung sie dürfen können es sehr mich ab dem mit recht für',
  'va bene benissimo grazie mille tutto per piacere prego può potete puoi così molto subito',
);

export const NO_ELSEWHERE: readonly string[] = words('no nein nicht non não nao');

export const AROUND_NO_ELSEWHERE: readonly string[] = words(
  'quiero acepto gracias muchas por favor',
  'quero aceito obrigado obrigada muito',
  'merci beaucoup je veux pas',
  'danke vielen dank lieber möchte ich das',
  'grazie mille voglio accetto per favore',
);

/** Nothing to add: "no, nada más, gracias", "nein, sonst nichts". */
export const NOTHING_ELSEWHERE: readonly string[] = words('nada nichts rien niente');

export const AROUND_NOTHING_ELSEWHERE: readonly string[] = words(
  "no não nao non nein más mas mais por ahora favor de autre d'autre merci sonst weiter danke altro nient'altro grazie gracias obrigado obrigada",
);

function words(...lists: string[]): string[] {
  return lists.flatMap((list) => list.split(' '));
}
