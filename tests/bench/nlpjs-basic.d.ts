/** As much of NLP.js as the measurement uses; the package has no types of its own. */
declare module '@nlpjs/basic' {
  export class Nlp {
    constructor(settings: { container: unknown; [name: string]: unknown });
    addLanguage(locale: string): void;
    addDocument(locale: string, utterance: string, intent: string): void;
    train(): Promise<void>;
    process(
      locale: string,
      utterance: string,
    ): Promise<{ classifications: { intent: string; score: number }[] }>;
  }
  export class LangEn {}
  export function containerBootstrap(): Promise<{
    use(part: unknown): void;
  }>;
}
