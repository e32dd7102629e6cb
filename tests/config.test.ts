import { ConfigError, readConfig, type Config } from '../src/config';

const APP_ID = '11111111-2222-3333-4444-555555555555';
const TENANT = '66666666-7777-8888-9999-000000000000';

/** Reads settings as if the given files were there, and no others. */
function read(env: Record<string, string | undefined>, files: Record<string, string> = {}): Config {
  return readConfig(env, (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return text;
  });
}

function problemsOf(env: Record<string, string | undefined>, files: Record<string, string> = {}): string[] {
  try {
    read(env, files);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('what is not set', () => {
  test('nothing needs to be set', () => {
    expect(read({})).toEqual({
      port: 3978,
      host: '127.0.0.1',
      publicUrl: undefined,
      databaseUrl: 'sqlite:data/enquiries.db',
      knowledgeDir: 'knowledge',
      widgetOrigins: [],
      directLineSecret: undefined,
      trustProxy: [],
      logLevel: 'info',
      allowEmulator: false,
      microsoftApp: undefined,
      messenger: undefined,
      mail: undefined,
      webhook: undefined,
      backupFolder: undefined,
      backupKey: undefined,
      traces: undefined,
    });
  });

  test('an empty setting counts as not set', () => {
    expect(read({ PORT: '', SMTP_URL: ' ', DIRECTLINE_SECRET: '' })).toEqual(read({}));
  });
});

describe('where settings come from', () => {
  test('a .env file is read, and the environment wins over it', () => {
    const files = { '.env': 'PORT=4000\nHOST=0.0.0.0 # for the container\n' };
    expect(read({ PORT: '5000' }, files)).toMatchObject({ port: 5000, host: '0.0.0.0' });
  });

  test('a .env file that cannot be read stops the start', () => {
    expect(() =>
      readConfig({}, () => {
        throw Object.assign(new Error('denied'), { code: 'EACCES' });
      }),
    ).toThrow('.env cannot be read');
  });

  test('a secret may stand in a file of its own', () => {
    const files = { '/run/secrets/directline': 'long enough a secret\n' };
    expect(read({ DIRECTLINE_SECRET_FILE: '/run/secrets/directline' }, files).directLineSecret).toBe(
      'long enough a secret',
    );
  });

  test('a secret given twice, in an empty file or in one that is not there is refused', () => {
    expect(
      problemsOf({ DIRECTLINE_SECRET: 'long enough a secret', DIRECTLINE_SECRET_FILE: 'a' }, { a: 'b' }),
    ).toEqual(['DIRECTLINE_SECRET and DIRECTLINE_SECRET_FILE are both set: keep one of the two.']);
    expect(problemsOf({ DIRECTLINE_SECRET_FILE: 'a' }, { a: '\n' })).toEqual([
      'DIRECTLINE_SECRET_FILE ("a") is an empty file: write the value into it.',
    ]);
    expect(problemsOf({ DIRECTLINE_SECRET_FILE: 'a' })).toEqual([
      'DIRECTLINE_SECRET_FILE ("a") cannot be read: check the path and its rights.',
    ]);
  });
});

test.each<[string, Record<string, string>, Partial<Config>]>([
  ['port 0 takes any free one', { PORT: '0' }, { port: 0 }],
  ['IPv6 may be listened on', { HOST: '::' }, { host: '::' }],
  [
    'the public address loses its last slash',
    { PUBLIC_URL: 'https://chat.example.com/' },
    { publicUrl: 'https://chat.example.com' },
  ],
  [
    'an absolute database path',
    { DATABASE_URL: 'sqlite:/var/lib/e.db' },
    { databaseUrl: 'sqlite:/var/lib/e.db' },
  ],
  ['Postgres', { DATABASE_URL: 'postgres://u:p@db:5432/e' }, { databaseUrl: 'postgres://u:p@db:5432/e' }],
  [
    'several origins, as browsers write them',
    { WIDGET_ORIGINS: 'https://Example.com, http://localhost:8080 https://shop.example.com:443/' },
    { widgetOrigins: ['https://example.com', 'http://localhost:8080', 'https://shop.example.com'] },
  ],
  ['trusted proxies', { TRUST_PROXY: '10.0.0.0/8, 127.0.0.1' }, { trustProxy: ['10.0.0.0/8', '127.0.0.1'] }],
  ['the Emulator on loopback', { ALLOW_EMULATOR: 'true' }, { allowEmulator: true }],
  [
    'an Azure bot',
    { MicrosoftAppId: APP_ID, MicrosoftAppPassword: 'pw' },
    { microsoftApp: { id: APP_ID, password: 'pw', type: 'MultiTenant', tenantId: undefined } },
  ],
  [
    'an Azure bot with a managed identity needs no password',
    { MicrosoftAppId: APP_ID, MicrosoftAppType: 'UserAssignedMSI', MicrosoftAppTenantId: TENANT },
    { microsoftApp: { id: APP_ID, password: undefined, type: 'UserAssignedMSI', tenantId: TENANT } },
  ],
  [
    'Messenger',
    {
      MESSENGER_APP_SECRET: 's',
      MESSENGER_VERIFY_TOKEN: 'v',
      MESSENGER_PAGE_TOKEN: 't',
      MESSENGER_PAGE_ID: '1234',
    },
    {
      messenger: {
        appSecret: 's',
        verifyToken: 'v',
        pageToken: 't',
        pageId: '1234',
        appId: undefined,
        graphUrl: 'https://graph.facebook.com/v26.0',
      },
    },
  ],
  [
    'mail to several people',
    {
      SMTP_URL: 'smtps://u:p@mail.example.com',
      NOTIFY_FROM: 'Bot <bot@example.com>',
      NOTIFY_EMAIL: 'a@example.com, b@example.com',
    },
    {
      mail: {
        smtpUrl: 'smtps://u:p@mail.example.com',
        from: 'Bot <bot@example.com>',
        to: ['a@example.com', 'b@example.com'],
      },
    },
  ],
  [
    'a webhook keeps its address as it is',
    { NOTIFY_WEBHOOK_URL: 'https://hooks.example.com/x/' },
    { webhook: { url: 'https://hooks.example.com/x/', secret: undefined } },
  ],
])('understood: %s', (_, env, expected) => {
  expect(read(env)).toMatchObject(expected);
});

test.each<[Record<string, string>, string]>([
  [{ PORT: '70000' }, 'PORT ("70000") must be a number from 0 to 65535.'],
  [{ PORT: '80a' }, 'PORT ("80a") must be a number'],
  [{ HOST: 'http://x' }, 'HOST ("http://x") must be an address to listen on'],
  [{ HOST: '300.1.1.1' }, 'HOST ("300.1.1.1") must be an address to listen on'],
  [
    { PUBLIC_URL: 'chat.example.com' },
    'PUBLIC_URL ("chat.example.com") must be a whole address such as https://www.example.com.',
  ],
  [{ PUBLIC_URL: 'http://chat.example.com' }, 'must start with https://'],
  [
    { WIDGET_ORIGINS: 'https://example.com/shop' },
    'has "https://example.com/shop", which must end after the host: write https://example.com.',
  ],
  [{ WIDGET_ORIGINS: 'https://*.example.com' }, 'must be one exact address'],
  [{ WIDGET_ORIGINS: '*' }, 'must be a whole address'],
  [{ DATABASE_URL: 'sqlite::memory:' }, 'DATABASE_URL would forget every enquiry at the next start'],
  [{ DATABASE_URL: 'mysql://x/y' }, 'DATABASE_URL must be sqlite: and a path'],
  [{ DATABASE_URL: 'postgres://u:p@db' }, 'DATABASE_URL must name the database'],
  [{ TRUST_PROXY: 'true' }, 'TRUST_PROXY ("true") has "true", which must be addresses or networks'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL ("loud") must be one of fatal, error, warn'],
  [{ ALLOW_EMULATOR: 'maybe' }, 'ALLOW_EMULATOR ("maybe") must be true or false.'],
  [{ ALLOW_EMULATOR: 'true', HOST: '0.0.0.0' }, 'ALLOW_EMULATOR lets anybody who reaches /api/messages in'],
  [{ DIRECTLINE_SECRET: 'short' }, 'DIRECTLINE_SECRET is shorter than 8 characters'],
  [{ MicrosoftAppId: 'x', MicrosoftAppPassword: 'p' }, 'MicrosoftAppId ("x") must be an id such as'],
  [{ MicrosoftAppId: APP_ID }, 'MicrosoftAppPassword is missing: MicrosoftAppId does not work without it.'],
  [{ MicrosoftAppPassword: 'p' }, 'MicrosoftAppPassword does nothing without MicrosoftAppId'],
  [
    { MicrosoftAppId: APP_ID, MicrosoftAppPassword: 'p', MicrosoftAppType: 'SingleTenant' },
    'MicrosoftAppTenantId is missing: MicrosoftAppType SingleTenant does not work without it.',
  ],
  [
    { MESSENGER_APP_SECRET: 's', MESSENGER_PAGE_TOKEN: 't', MESSENGER_PAGE_ID: '1234' },
    'MESSENGER_VERIFY_TOKEN is missing: MESSENGER_APP_SECRET does not work without it.',
  ],
  [{ MESSENGER_GRAPH_URL: 'http://graph.example.com' }, 'must be an address that starts with https://'],
  [
    { SMTP_URL: 'mail.example.com', NOTIFY_FROM: 'a@b.de', NOTIFY_EMAIL: 'a@b.de' },
    'SMTP_URL must look like smtps://',
  ],
  [
    { SMTP_URL: 'smtp://mail.example.com', NOTIFY_FROM: 'a@b.de' },
    'NOTIFY_EMAIL is missing: SMTP_URL does not work without it.',
  ],
  [{ NOTIFY_EMAIL: 'a@b.de' }, 'NOTIFY_EMAIL does nothing without SMTP_URL'],
  [
    { SMTP_URL: 'smtp://m.example.com', NOTIFY_FROM: 'nobody', NOTIFY_EMAIL: 'a@b.de' },
    'NOTIFY_FROM ("nobody") must be an e-mail address',
  ],
  [{ NOTIFY_WEBHOOK_URL: 'ftp://x' }, 'NOTIFY_WEBHOOK_URL must be an address that starts with https://'],
])('refused, with the remedy: %j', (env, problem) => {
  const problems = problemsOf(env);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(problem);
});

test('all problems are reported together', () => {
  expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'y', DATABSE_URL: 'z' })).toHaveLength(3);
});

test('a secret is never repeated in a problem', () => {
  const message = problemsOf({
    DATABASE_URL: 'hunter2hunter2',
    SMTP_URL: 'hunter2',
    DIRECTLINE_SECRET: 'hunter2',
  }).join();
  expect(message).toContain('SMTP_URL');
  expect(message).not.toContain('hunter2');
});

test.each([
  ['DATABSE_URL', 'DATABASE_URL'],
  ['WIDGET_ORIGIN', 'WIDGET_ORIGINS'],
  ['MICROSOFTAPPID', 'MicrosoftAppId'],
  ['MICROSOFT_APP_PASSWORD', 'MicrosoftAppPassword'],
  ['MESSENGER_PAGE_TOEKN', 'MESSENGER_PAGE_TOKEN'],
  ['port', 'PORT'],
  ['LOG_LEVLE', 'LOG_LEVEL'],
  ['DIRECTLINE_SECRET_FIEL', 'DIRECTLINE_SECRET_FILE'],
])('%s is refused as a typing error of %s', (typed, meant) => {
  expect(problemsOf({ [typed]: 'x' })).toEqual([
    `${typed} is no setting: did you mean ${meant}? Correct or remove it.`,
  ]);
});

test.each(['HOME', 'POST', 'HOSTNAME', 'HTTP_URL', 'NOTIFY_SOCKET', 'PATH', 'npm_config_registry', 'PGHOST'])(
  'names of other programs, such as %s, are left alone',
  (name) => {
    expect(problemsOf({ [name]: 'x' })).toEqual([]);
  },
);
