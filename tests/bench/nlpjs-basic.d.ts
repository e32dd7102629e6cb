/** As much of NLP.js as the measurement uses; the package has no types of its own. */
declare module '@nlpjs/basic' {
  interface Nlp {
    addLanguage(locale: string): void;
    addDocument(locale: string, utterance: string, intent: string): void;
    train(): Promise<void>;
    process(
      locale: string,
      utterance: string,
    ): Promise<{ classifications: { intent: string; score: number }[] }>;
  }
  export function dockStart(settings: {
    settings: { nlp: Record<string, unknown>; [nlu: `nlu-${string}`]: Record<string, unknown> };
    use: string[];
  }): Promise<{ get(name: 'nlp'): Nlp }>;
}
