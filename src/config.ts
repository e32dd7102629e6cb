import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { parseEnv } from 'node:util';
import { editDistance } from './answers/edit-distance';
import { trustedProxies } from './http/client-address';

/** Everything that is set from outside, read once at the start and of the right shape. */
export interface Config {
  /** PORT, 3978. 0 takes any free port. */
  port: number;
  /** HOST, 127.0.0.1: the address to listen on. */
  host: string;
  /** PUBLIC_URL: the origin that visitors reach the service under, `https://chat.example.com`; no slash at its end. */
  publicUrl: string | undefined;
  /** DATABASE_URL, `sqlite:data/enquiries.db`: `sqlite:PATH`, relative to the working directory, or `postgres://...` */
  databaseUrl: string;
  /** KNOWLEDGE_DIR, `knowledge`. */
  knowledgeDir: string;
  /** WIDGET_ORIGINS: the sites that may embed the widget, `https://www.example.com`; empty: this service's own only. */
  widgetOrigins: string[];
  /** DIRECTLINE_SECRET: lets other programs ask for Direct Line tokens; without it none may. */
  directLineSecret: string | undefined;
  /** TRUST_PROXY: addresses and networks whose X-Forwarded-For is believed; empty: nobody's. */
  trustProxy: string[];
  /** LOG_LEVEL, `info`. */
  logLevel: LogLevel;
  /** ALLOW_EMULATOR, false: `/api/messages` answers the Bot Framework Emulator without credentials; loopback only. */
  allowEmulator: boolean;
  /** Undefined while MicrosoftAppId is not set: the connector endpoint is off. */
  microsoftApp: MicrosoftApp | undefined;
  /** Undefined while no MESSENGER_ credential is set: the webhook is off. */
  messenger: Messenger | undefined;
  /** Undefined while SMTP_URL is not set: nothing is mailed. */
  mail: Mail | undefined;
  /** Undefined while NOTIFY_WEBHOOK_URL is not set. */
  webhook: { url: string; secret: string | undefined } | undefined;
  /** BACKUP_FOLDER: a backup is made there every day; undefined: none by itself. */
  backupFolder: string | undefined;
  /** BACKUP_KEY: what backups are encrypted with. */
  backupKey: string | undefined;
  /** OTEL_EXPORTER_OTLP_ENDPOINT and _HEADERS; undefined: nothing is traced. */
  traces: { endpoint: string; headers: Record<string, string> } | undefined;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const APP_TYPES = ['MultiTenant', 'SingleTenant', 'UserAssignedMSI'] as const;

/** An Azure bot registration. */
export interface MicrosoftApp {
  id: string;
  /** Undefined for UserAssignedMSI only. */
  password: string | undefined;
  type: (typeof APP_TYPES)[number];
  /** Undefined for MultiTenant only. */
  tenantId: string | undefined;
}

export interface Messenger {
  appSecret: string;
  verifyToken: string;
  pageToken: string;
  pageId: string;
  /** MESSENGER_APP_ID: tells our own echoes from those of a person in the inbox. */
  appId: string | undefined;
  /** MESSENGER_GRAPH_URL, `https://graph.facebook.com/v26.0`; no slash at its end. */
  graphUrl: string;
}

export interface Mail {
  /** `smtps://user:password@mail.example.com:465` */
  smtpUrl: string;
  /** NOTIFY_FROM */
  from: string;
  /** NOTIFY_EMAIL: who is told of enquiries, several with commas. */
  to: string[];
}

/** The settings that cannot be used. `problems` has one sentence for each, with its remedy; `message` is all of them. */
export class ConfigError extends Error {
  override name = 'ConfigError';

  constructor(readonly problems: string[]) {
    super(`The settings cannot be used:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  }
}

/** Settings with a secret in them: each may also be given as NAME_FILE, the path of a file that holds it. */
const SECRETS = [
  'DATABASE_URL',
  'DIRECTLINE_SECRET',
  'MicrosoftAppPassword',
  'MESSENGER_APP_SECRET',
  'MESSENGER_VERIFY_TOKEN',
  'MESSENGER_PAGE_TOKEN',
  'SMTP_URL',
  'NOTIFY_WEBHOOK_URL',
  'NOTIFY_WEBHOOK_SECRET',
  'BACKUP_KEY',
  'OTEL_EXPORTER_OTLP_HEADERS',
] as const;

const OTHERS = [
  'PORT',
  'HOST',
  'PUBLIC_URL',
  'KNOWLEDGE_DIR',
  'WIDGET_ORIGINS',
  'TRUST_PROXY',
  'LOG_LEVEL',
  'ALLOW_EMULATOR',
  'MicrosoftAppId',
  'MicrosoftAppType',
  'MicrosoftAppTenantId',
  'MESSENGER_PAGE_ID',
  'MESSENGER_APP_ID',
  'MESSENGER_GRAPH_URL',
  'NOTIFY_FROM',
  'NOTIFY_EMAIL',
  'BACKUP_FOLDER',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
] as const;

type Name = (typeof SECRETS)[number] | (typeof OTHERS)[number];

const NAMES: readonly string[] = [...SECRETS, ...OTHERS, ...SECRETS.map((name) => `${name}_FILE`)];

/**
 * The settings in `env` and in the working directory's `.env`; where both have one, `env` wins. A setting that
 * is empty counts as not given.
 * @param readFile the text of a file; throws where it cannot be read.
 * @throws ConfigError with every problem at once: wrong values, settings that only work together, and names
 * that are nearly one of ours.
 */
export function readConfig(
  env: Record<string, string | undefined>,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Config {
  const problems: string[] = [];
  const given = new Settings({ ...dotEnv(readFile, problems), ...withoutEmpty(env) }, readFile, problems);
  problems.push(...misspelt(given.names()));
  const host = given.read('HOST', hostName) ?? '127.0.0.1';
  const config: Config = {
    port: given.read('PORT', portNumber) ?? 3978,
    host,
    publicUrl: given.read('PUBLIC_URL', webOrigin),
    databaseUrl: given.read('DATABASE_URL', databaseUrl) ?? 'sqlite:data/enquiries.db',
    knowledgeDir: given.read('KNOWLEDGE_DIR', anyText) ?? 'knowledge',
    widgetOrigins: given.read('WIDGET_ORIGINS', listOf(webOrigin)) ?? [],
    directLineSecret: given.read('DIRECTLINE_SECRET', secret),
    trustProxy: given.read('TRUST_PROXY', listOf(proxy)) ?? [],
    logLevel: given.read('LOG_LEVEL', oneOf(LOG_LEVELS)) ?? 'info',
    allowEmulator: given.read('ALLOW_EMULATOR', yesOrNo) ?? false,
    microsoftApp: readMicrosoftApp(given),
    messenger: readMessenger(given),
    mail: readMail(given),
    webhook: readWebhook(given),
    ...readBackups(given),
    traces: readTraces(given),
  };
  if (config.allowEmulator && !isLoopback(host)) {
    problems.push(
      `ALLOW_EMULATOR lets anybody who reaches /api/messages in without credentials, and HOST is ${host}: set HOST to 127.0.0.1, or remove ALLOW_EMULATOR.`,
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function readMicrosoftApp(given: Settings): MicrosoftApp | undefined {
  const id = given.read('MicrosoftAppId', uuid);
  const password = given.read('MicrosoftAppPassword', anyText);
  const type = given.read('MicrosoftAppType', oneOf(APP_TYPES)) ?? 'MultiTenant';
  const tenantId = given.read('MicrosoftAppTenantId', uuid);
  if (!given.has('MicrosoftAppId')) {
    given.refuseAlone(['MicrosoftAppPassword', 'MicrosoftAppType', 'MicrosoftAppTenantId'], 'MicrosoftAppId');
    return undefined;
  }
  if (type !== 'UserAssignedMSI') given.require(['MicrosoftAppPassword'], 'MicrosoftAppId');
  if (type !== 'MultiTenant') given.require(['MicrosoftAppTenantId'], `MicrosoftAppType ${type}`);
  return { id: id ?? '', password, type, tenantId };
}

function readMessenger(given: Settings): Messenger | undefined {
  const credentials = [
    'MESSENGER_APP_SECRET',
    'MESSENGER_VERIFY_TOKEN',
    'MESSENGER_PAGE_TOKEN',
    'MESSENGER_PAGE_ID',
  ] as const;
  const graphUrl =
    given.read('MESSENGER_GRAPH_URL', webAddress)?.replace(/\/+$/u, '') ?? 'https://graph.facebook.com/v26.0';
  const appId = given.read('MESSENGER_APP_ID', metaId);
  const [appSecret, verifyToken, pageToken] = credentials.map((name) => given.read(name, anyText));
  const pageId = given.read('MESSENGER_PAGE_ID', metaId);
  const first = credentials.find((name) => given.has(name));
  if (first === undefined) {
    given.refuseAlone(['MESSENGER_APP_ID'], 'MESSENGER_PAGE_ID');
    return undefined;
  }
  given.require(credentials, first);
  return {
    appSecret: appSecret ?? '',
    verifyToken: verifyToken ?? '',
    pageToken: pageToken ?? '',
    pageId: pageId ?? '',
    appId,
    graphUrl,
  };
}

function readMail(given: Settings): Mail | undefined {
  const smtpUrl = given.read('SMTP_URL', smtpAddress);
  const from = given.read('NOTIFY_FROM', mailAddress);
  const to = given.read('NOTIFY_EMAIL', listOf(mailAddress));
  if (!given.has('SMTP_URL')) {
    given.refuseAlone(['NOTIFY_FROM', 'NOTIFY_EMAIL'], 'SMTP_URL');
    return undefined;
  }
  given.require(['NOTIFY_FROM', 'NOTIFY_EMAIL'], 'SMTP_URL');
  return { smtpUrl: smtpUrl ?? '', from: from ?? '', to: to ?? [] };
}

function readWebhook(given: Settings): Config['webhook'] {
  const url = given.read('NOTIFY_WEBHOOK_URL', webAddress);
  const signedWith = given.read('NOTIFY_WEBHOOK_SECRET', secret);
  if (!given.has('NOTIFY_WEBHOOK_URL')) given.refuseAlone(['NOTIFY_WEBHOOK_SECRET'], 'NOTIFY_WEBHOOK_URL');
  return url === undefined ? undefined : { url, secret: signedWith };
}

/** A daily copy of everything on another disk: only ever encrypted. */
function readBackups(given: Settings): Pick<Config, 'backupFolder' | 'backupKey'> {
  if (given.has('BACKUP_FOLDER')) given.require(['BACKUP_KEY'], 'BACKUP_FOLDER');
  return {
    backupFolder: given.read('BACKUP_FOLDER', anyText),
    backupKey: given.read('BACKUP_KEY', backupKey),
  };
}

/** OpenTelemetry's own names and forms. */
function readTraces(given: Settings): Config['traces'] {
  const endpoint = given.read('OTEL_EXPORTER_OTLP_ENDPOINT', collectorAddress);
  const headers = given.read('OTEL_EXPORTER_OTLP_HEADERS', headerList);
  if (!given.has('OTEL_EXPORTER_OTLP_ENDPOINT'))
    given.refuseAlone(['OTEL_EXPORTER_OTLP_HEADERS'], 'OTEL_EXPORTER_OTLP_ENDPOINT');
  return endpoint === undefined ? undefined : { endpoint, headers: headers ?? {} };
}

/** Reads single settings and remembers what was wrong with each. */
class Settings {
  constructor(
    private readonly values: Readonly<Record<string, string>>,
    private readonly readFile: (path: string) => string,
    private readonly problems: string[],
  ) {}

  names(): string[] {
    return Object.keys(this.values);
  }

  has(name: Name): boolean {
    return this.values[name] !== undefined || this.fileOf(name) !== undefined;
  }

  /** Undefined where it is not given, and where it is wrong: then the problem was noted. */
  read<Value>(name: Name, reading: Reading<Value>): Value | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const result = reading(text);
    if (result.ok) return result.value;
    // A secret's value is not repeated: this text ends up in logs.
    const typed = isSecret(name) ? '' : ` ("${text.slice(0, 80)}")`;
    this.problems.push(`${name}${typed} ${result.problem}`);
    return undefined;
  }

  require(names: readonly Name[], because: string): void {
    for (const name of names) {
      if (!this.has(name))
        this.problems.push(`${name} is missing: ${because} does not work without it. Set it.`);
    }
  }

  refuseAlone(names: readonly Name[], without: Name): void {
    for (const name of names) {
      if (this.has(name))
        this.problems.push(`${name} does nothing without ${without}: set that too, or remove this one.`);
    }
  }

  private text(name: Name): string | undefined {
    const direct = this.values[name]?.trim();
    const file = this.fileOf(name);
    if (file === undefined) return direct;
    if (direct !== undefined) {
      this.problems.push(`${name} and ${name}_FILE are both set: keep one of the two.`);
      return undefined;
    }
    try {
      const text = this.readFile(file).trim();
      if (text !== '') return text;
      this.problems.push(`${name}_FILE ("${file}") is an empty file: write the value into it.`);
    } catch {
      this.problems.push(`${name}_FILE ("${file}") cannot be read: check the path and its rights.`);
    }
    return undefined;
  }

  private fileOf(name: Name): string | undefined {
    return isSecret(name) ? this.values[`${name}_FILE`]?.trim() : undefined;
  }
}

function isSecret(name: Name): boolean {
  return SECRETS.some((secretName) => secretName === name);
}

function dotEnv(readFile: (path: string) => string, problems: string[]): Record<string, string> {
  try {
    return withoutEmpty(parseEnv(readFile('.env')));
  } catch (error) {
    const isAbsent =
      typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
    if (!isAbsent) problems.push('.env cannot be read: check that it is a text file and may be read.');
    return {};
  }
}

/** `SMTP_URL=` in a copied .env, or a variable that a container sets to nothing, is one that is not given. */
function withoutEmpty(values: Record<string, string | undefined>): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value.trim() !== '') filled[name] = value;
  }
  return filled;
}

/**
 * One problem for each name that is surely meant to be ours: the same but for capitals and underscores, or up
 * to two letters away. Short names allow less, or HOME would be taken for HOST and HTTP_URL for SMTP_URL.
 */
function misspelt(names: string[]): string[] {
  return names
    .filter((name) => !NAMES.includes(name))
    .flatMap((name) => {
      const meant =
        NAMES.find((ours) => bare(ours) === bare(name)) ?? NAMES.find((ours) => isNearly(name, ours));
      return meant === undefined
        ? []
        : [`${name} is no setting: did you mean ${meant}? Correct or remove it.`];
    });
}

function bare(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

function isNearly(name: string, ours: string): boolean {
  const most = ours.length < 6 ? 0 : ours.length < 10 ? 1 : 2;
  return editDistance(name.toLowerCase(), ours.toLowerCase(), most) <= most;
}

// Readings of one value: the value, or what is wrong and what to write instead.

type Reading<Value> = (text: string) => { ok: true; value: Value } | { ok: false; problem: string };

function good<Value>(value: Value): { ok: true; value: Value } {
  return { ok: true, value };
}

function bad(problem: string): { ok: false; problem: string } {
  return { ok: false, problem };
}

function anyText(text: string): ReturnType<Reading<string>> {
  return good(text);
}

function portNumber(text: string): ReturnType<Reading<number>> {
  return /^\d{1,5}$/u.test(text) && Number(text) <= 65_535
    ? good(Number(text))
    : bad('must be a number from 0 to 65535.');
}

function hostName(text: string): ReturnType<Reading<string>> {
  const isName = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/iu.test(text) && !/^[\d.]+$/u.test(text);
  return isName || isIP(text) !== 0
    ? good(text)
    : bad('must be an address to listen on, such as 127.0.0.1 or 0.0.0.0.');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** https anywhere, http on this machine only. */
function isSafeUrl(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(host));
}

function webAddress(text: string): ReturnType<Reading<string>> {
  const isGood = URL.canParse(text) && isSafeUrl(new URL(text));
  return isGood
    ? good(text)
    : bad('must be an address that starts with https:// (http:// only on this machine).');
}

/** Scheme, host and port, nothing behind them: `https://www.example.com`. */
function webOrigin(text: string): ReturnType<Reading<string>> {
  const example = 'such as https://www.example.com';
  if (!URL.canParse(text)) return bad(`must be a whole address ${example}.`);
  const url = new URL(text);
  if (!isSafeUrl(url)) return bad(`must start with https:// (http:// only for localhost), ${example}.`);
  if (url.hostname.includes('*'))
    return bad(`must be one exact address ${example}: list several with commas.`);
  const isBare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  return isBare ? good(url.origin) : bad(`must end after the host: write ${url.origin}.`);
}

function databaseUrl(text: string): ReturnType<Reading<string>> {
  if (/^postgres(ql)?:\/\//u.test(text)) {
    const hasName = URL.canParse(text) && new URL(text).pathname.length > 1;
    return hasName
      ? good(text)
      : bad('must name the database: postgres://user:password@host:5432/enquiries.');
  }
  const [, path = ''] = /^sqlite:(.*)$/u.exec(text) ?? [];
  if (path === ':memory:')
    return bad('would forget every enquiry at the next start: write sqlite:data/enquiries.db.');
  if (path === '' || /^\/\/[^/]/u.test(path) || path === '//') {
    return bad(
      'must be sqlite: and a path, such as sqlite:data/enquiries.db, or postgres://user:password@host:5432/enquiries.',
    );
  }
  return good(text);
}

/** Shorter ones are found by trying. */
const SHORTEST_SECRET = 8;

function secret(text: string): ReturnType<Reading<string>> {
  return text.length >= SHORTEST_SECRET
    ? good(text)
    : bad(`is shorter than ${SHORTEST_SECRET} characters: make one with "openssl rand -hex 32".`);
}

/** Whoever has the file can try keys for as long as they like. */
const SHORTEST_BACKUP_KEY = 32;

function backupKey(text: string): ReturnType<Reading<string>> {
  return text.length >= SHORTEST_BACKUP_KEY
    ? good(text)
    : bad(`is shorter than ${SHORTEST_BACKUP_KEY} characters: make one with "openssl rand -hex 32".`);
}

/** A collector stands beside the service more often than not, so http is taken. */
function collectorAddress(text: string): ReturnType<Reading<string>> {
  return URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol)
    ? good(text.replace(/\/+$/u, ''))
    : bad('must be the address of a collector that speaks OTLP over HTTP, such as http://127.0.0.1:4318.');
}

/** `name=value,name=value`, the values percent-encoded. */
function headerList(text: string): ReturnType<Reading<Record<string, string>>> {
  const headers: Record<string, string> = {};
  for (const pair of text.split(',')) {
    const [, name, value = ''] = /^\s*([\w-]+)=((?:[^%]|%[0-9a-f]{2})*)$/iu.exec(pair) ?? [];
    if (name === undefined) return bad('must be name=value, several with commas, % written as %25.');
    headers[name] = decodeURIComponent(value.trim());
  }
  return good(headers);
}

function uuid(text: string): ReturnType<Reading<string>> {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(text)
    ? good(text)
    : bad('must be an id such as 00000000-0000-0000-0000-000000000000: copy it from the Azure portal.');
}

function metaId(text: string): ReturnType<Reading<string>> {
  return /^\d{3,25}$/u.test(text)
    ? good(text)
    : bad('must be a number: copy it from the page or app in the Meta dashboard.');
}

function smtpAddress(text: string): ReturnType<Reading<string>> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^smtps?:$/u.test(url.protocol) && url.hostname !== ''
    ? good(text)
    : bad(
        'must look like smtps://user:password@mail.example.com:465, with special characters of the password percent-encoded.',
      );
}

function mailAddress(text: string): ReturnType<Reading<string>> {
  const isAddress = /^[^\s@<>,"]+@[^\s@<>,"]+\.[^\s@<>,"]+$/u;
  const [, named] = /^[^<>@\r\n]*<([^<>]+)>$/u.exec(text) ?? [];
  return isAddress.test(named ?? text)
    ? good(text)
    : bad('must be an e-mail address, such as desk@example.com.');
}

function proxy(text: string): ReturnType<Reading<string>> {
  try {
    trustedProxies([text]);
    return good(text);
  } catch {
    return bad('must be addresses or networks with commas between them, such as 10.0.0.7 or 10.0.0.0/8.');
  }
}

function yesOrNo(text: string): ReturnType<Reading<boolean>> {
  if (/^(true|1|yes|on)$/iu.test(text)) return good(true);
  return /^(false|0|no|off)$/iu.test(text) ? good(false) : bad('must be true or false.');
}

function oneOf<Choice extends string>(choices: readonly Choice[]): Reading<Choice> {
  return (text) => {
    const choice = choices.find((each) => each.toLowerCase() === text.toLowerCase());
    return choice === undefined ? bad(`must be one of ${choices.join(', ')}.`) : good(choice);
  };
}

/** Several with commas or spaces between them. The first wrong one is told. */
function listOf<Value>(reading: Reading<Value>): Reading<Value[]> {
  return (text) => {
    const values: Value[] = [];
    for (const item of text.split(/[,\s]+/u).filter((each) => each !== '')) {
      const result = reading(item);
      if (!result.ok) return bad(`has "${item}", which ${result.problem}`);
      values.push(result.value);
    }
    return good(values);
  };
}
