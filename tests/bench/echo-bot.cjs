'use strict';
/*
 * What durable turns are measured against: the same restify with a bare CloudAdapter that repeats what it hears, keeps
 * nothing and knows nobody. With a file named it keeps one row of each message in SQLite before it answers, all of an
 * instant in one commit: the floor of what is durable. Prints its port; ends with its standard input.
 */
const restify = require('restify');
const { CloudAdapter, ConfigurationBotFrameworkAuthentication } = require('botbuilder');

const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
const [file] = process.argv.slice(2);
const keep = file === undefined ? async () => undefined : openRows(file);
const server = restify.createServer({ handleUncaughtExceptions: false });
server.use(restify.plugins.bodyParser());
server.post('/api/messages', async (request, response) => {
  await adapter.process(request, response, async (context) => {
    await keep(JSON.stringify(context.activity));
    await context.sendActivity(`You said: ${context.activity.text}`);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.stdin.resume().on('end', () => process.exit());

function openRows(name) {
  const database = require('better-sqlite3')(name);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('create table rows (id integer primary key, activity text not null)');
  const insert = database.prepare('insert into rows (activity) values (?)');
  let waiting = [];
  const commit = () => {
    const group = waiting;
    waiting = [];
    database.transaction(() => group.forEach(({ activity }) => insert.run(activity)))();
    group.forEach(({ kept }) => kept());
  };
  return (activity) =>
    new Promise((kept) => {
      if (waiting.push({ activity, kept }) === 1) setImmediate(commit);
    });
}
