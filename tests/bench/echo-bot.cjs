'use strict';
/*
 * What durable turns are measured against: the same restify with a bare CloudAdapter that repeats what it hears, keeps
 * nothing and knows nobody. Prints its port; ends with its standard input.
 */
const restify = require('restify');
const { CloudAdapter, ConfigurationBotFrameworkAuthentication } = require('botbuilder');

const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
const server = restify.createServer({ handleUncaughtExceptions: false });
server.use(restify.plugins.bodyParser());
server.post('/api/messages', async (request, response) => {
  await adapter.process(request, response, (context) =>
    context.sendActivity(`You said: ${context.activity.text}`),
  );
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.stdin.resume().on('end', () => process.exit());
