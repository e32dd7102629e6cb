import { type Activity, ActivityTypes, BotAdapter, type ResourceResponse, TurnContext } from 'botbuilder';

/**
 * The Bot Framework adapter of every channel that this service carries itself. It sends nothing: what the bot
 * says is gathered, and leaves only after the turn is on disk. Middleware and `TurnContext` work as everywhere.
 */
export class TurnAdapter extends BotAdapter {
  /**
   * Runs the bot on one incoming activity.
   * @returns what the bot said, in order, without trace and typing activities.
   * @throws what the bot throws.
   */
  async run(
    incoming: Partial<Activity>,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<Partial<Activity>[]> {
    const context = new TurnContext(this, incoming);
    const said: Partial<Activity>[] = [];
    context.turnState.set(SAID, said);
    await this.runMiddleware(context, logic);
    return said;
  }

  override async sendActivities(
    context: TurnContext,
    activities: Partial<Activity>[],
  ): Promise<ResourceResponse[]> {
    const said: Partial<Activity>[] = context.turnState.get(SAID);
    said.push(...activities.filter(({ type }) => KEPT.has(type ?? '')));
    return activities.map(({ id }) => ({ id: id ?? '' }));
  }

  override updateActivity(): Promise<ResourceResponse | void> {
    throw new Error('These channels cannot change a message that was sent.');
  }

  override deleteActivity(): Promise<void> {
    throw new Error('These channels cannot delete a message that was sent.');
  }

  override continueConversation(): Promise<void> {
    throw new Error('Hand proactive messages to the turn, so that they are kept like all others.');
  }
}

const SAID = Symbol('what the bot said in this turn');
const KEPT = new Set<string>([
  ActivityTypes.Message,
  ActivityTypes.Event,
  ActivityTypes.EndOfConversation,
  ActivityTypes.Handoff,
]);
