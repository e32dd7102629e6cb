import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

/** What was erased has left every backup after this many days. */
const KEPT_DAYS = 35;

const NAME = /^enquiries-(\d{4}-\d\d-\d\dT\d\d)(\d\d)(\d\d)Z\.backup$/;

/** `enquiries-2026-03-02T150000Z.backup`: sorts by time, and no colon, which some file systems refuse. */
export function backupFileName(at: Date): string {
  return `enquiries-${at.toISOString().slice(0, 19).replaceAll(':', '')}Z.backup`;
}

/** When the newest backup of a folder was made; undefined where there is none. @throws where it cannot be read */
export function newestBackup(folder: string, now: Date): Date | undefined {
  // One from the future was made while the clock was wrong: until then it would stand in the way of all others.
  const times = backupsIn(folder).flatMap(({ at }) => (at > now ? [] : [at.getTime()]));
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

/** Deletes those of more than 35 days, never the newest one, and what killed runs have left. Returns their names. */
export function deleteOldBackups(folder: string, now: Date): string[] {
  const before = now.getTime() - KEPT_DAYS * 86_400_000;
  const newest = newestBackup(folder, now)?.getTime();
  const old = backupsIn(folder).filter(({ at }) => at.getTime() < before && at.getTime() !== newest);
  const gone = [...old.map(({ name }) => name), ...leftHalfDone(folder, now)];
  for (const name of gone) rmSync(path.join(folder, name), { force: true });
  return gone;
}

function backupsIn(folder: string): { name: string; at: Date }[] {
  return readdirSync(folder).flatMap((name) => {
    const [, hour, minute, second] = NAME.exec(name) ?? [];
    return hour === undefined ? [] : [{ name, at: new Date(`${hour}:${minute}:${second}Z`) }];
  });
}

/** Parts that nobody writes any more. */
function leftHalfDone(folder: string, now: Date): string[] {
  return readdirSync(folder).filter(
    (name) =>
      /\.backup\.part-\d+$/.test(name) &&
      statSync(path.join(folder, name)).mtimeMs < now.getTime() - 86_400_000,
  );
}
