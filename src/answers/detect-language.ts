import type { Token } from './normalise';

/** A language that a message is in when it is not English; `other` is one we have no words of. */
export const OTHER_LANGUAGES = ['es', 'pt', 'fr', 'de', 'it', 'other'] as const;
export type OtherLanguage = (typeof OTHER_LANGUAGES)[number];

/**
 * The language of a message that is not in English; undefined for English, and for what is too little to tell.
 * It counts small words: those that only one language has for it, English ones against all. Names of places and
 * people ("Los Angeles", "Maria de la Cruz") are no sentence.
 */
export function detectOtherLanguage(text: string, tokens: readonly Token[]): OtherLanguage | undefined {
  const letters = text.match(/\p{L}/gu) ?? [];
  const foreign = letters.filter((letter) => !/\p{Script=Latin}/u.test(letter));
  if (foreign.length > letters.length / 2) return 'other';

  const words = [...new Set(tokens.map(({ typed }) => typed))];
  const english = words.filter((word) => ENGLISH.has(word)).length;
  const best = LANGUAGES.map(([language, own, shared]) => {
    const telling = words.filter((word) => own.has(word)).length;
    return { language, telling, all: telling + words.filter((word) => shared.has(word)).length };
  }).toSorted((a, b) => b.telling - a.telling || b.all - a.all)[0]!;
  const isEnough = best.telling >= 1 && best.all >= Math.min(2, words.length);
  return isEnough && best.all > english && best.all >= words.length * LEAST_SHARE ? best.language : undefined;
}

/** Of the words, those of the language: a sentence is more than a third small words; a foreign name in one is less. */
const LEAST_SHARE = 0.3;

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

const ENGLISH = set(
  `a about after all am an and any are as at be because been before but by can could did do does for from get had has
  have he her him his how i if im in is it its just me much my no not of on one or our out she should so some than that
  the their them then there they this to too up us was we what when where which who why will with would you your`,
);

/** Language, words that tell of it alone, words that others have too (or English, as another word). Without accents. */
const LANGUAGES: readonly (readonly [OtherLanguage, ReadonlySet<string>, ReadonlySet<string>])[] = [
  [
    'es',
    set(`cuanto cuanta cuantos cuantas cuesta cuestan precio precios cual cuales como donde cuando quiero
      quisiera necesito tengo tiene tienen tienes puedo puede pueden puedes hacen hace hacer hola gracias
      buenos buenas dias tardes usted ustedes hablan habla hablas espanol esta estan estoy eso pero porque
      tambien muy mas hay duele pelo cabello cabeza calvo calvicie caida cita sesion sesiones dura duran meses
      semanas mujeres hombres despues soy somos es ser una unos unas ayuda tratamiento tatuaje
      micropigmentacion capilar clinica ubicados mucho mucha duelen ubicacion calvos caspa tinta aguja cuero
      cabelludo`),
    set(`que de la el los las en un por para con se su al lo si y o te les nos son tu a no me del mi mis dolor
      este esto anos`),
  ],
  [
    'pt',
    set(`quanto quanta custa custam preco precos qual quais onde quero queria preciso tenho tem temos voce voces
      posso pode podem fazer obrigado obrigada boa tarde noite nao fica ficam isso mas porque tambem muito
      mais doi cabelo cabeca careca calvicie consulta sessao sessoes anos mulheres homens depois sou sao ser
      uma uns meu minha falam fala portugues tratamento tatuagem micropigmentacao doer couro cabeludo fazem
      vcs`),
    set(`que de o os as em um por para com se do da dos das no na e ou ao eu como quando dura sim dia este bom
      ola ajuda clinica`),
  ],
  [
    'fr',
    set(`combien coute coutent quel quelle quels quelles comment ou quand je voudrais veux besoin avez vous
      pouvez peut puis bonjour bonsoir merci cela mais parce aussi tres cheveux chauve calvitie rendez seance
      seances dure durent femmes hommes apres sont etre parlez francais traitement tatouage faire fais faites
      ca chauves chevelu douloureux`),
    set(`que de la le les en un pour avec se sur au du et ou ne pas c d l qu a y on crane plus ma mon il mal est
      ans ce une des prix aide fait clinique mes suis`),
  ],
  [
    'de',
    set(`wie viel kostet kosten preis preise welche wo wann ich mochte brauche haben habt sie konnen kann kannst
      hallo danke bitte ist das dies aber weil auch sehr mehr gibt haare haar kopf glatze haarausfall sitzung
      sitzungen dauert jahre frauen manner nach sind sein eine einen meine sprechen deutsch hilfe behandlung
      tatowierung pigmentierung wird tut weh fur seid ihr schmerzen schmerzhaft kopfhaut mir`),
    set(`der die den dem ein und oder mit von zu auf im am es nicht so in was man an will hat halt tag bin termin
      klinik lange mein guten`),
  ],
  [
    'it',
    set(`quanto quanta costa costano prezzo prezzi quale quali dove quando voglio vorrei bisogno avete posso puo
      buongiorno buonasera grazie sono questo questa perche anche molto piu capelli calvo calvizie
      appuntamento seduta sedute dura durano anni donne uomini dopo essere mio parlate italiano aiuto
      trattamento tatuaggio siete dolore doloroso cuoio capelluto`),
    set(`che di la il lo gli le in un per con si su al del della e o non mi ti ci a come male fare fa ho mal ciao
      mia testa una uno clinica`),
  ],
];
