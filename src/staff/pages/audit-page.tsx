import { MemberPage, Notice, Time } from './layout';
import type { Frame } from './layout';
import { Paging } from './conversations-page';
import type { AuditCheck, AuditRow } from '../ports';
import { count } from '../words';

/** The audit trail, newest first. */
export function AuditPage(props: {
  frame: Frame;
  rows: (AuditRow & { id: number })[];
  /** The id after which the next older page begins. */
  older: number | undefined;
  /** Undefined unless it was asked for. */
  check: AuditCheck | undefined;
  /** What is asked for; empty for everything. */
  about: string;
  isFirst: boolean;
}) {
  const { frame, check, about } = props;
  return (
    <MemberPage frame={frame} title="Audit" section="audit">
      <h1>Audit trail</h1>
      {check !== undefined && (
        <Notice
          kind={check.ok ? 'done' : 'problem'}
          text={
            check.ok
              ? `All ${count(check.rows, 'row')} are as they were written. The newest hash is ${check.head.slice(0, 16)}; noted down elsewhere, it shows later whether rows at the end were cut off.`
              : `Row ${check.brokenAt} was changed, or a row before it taken out: ${count(check.rows, 'row')} before it are sound.`
          }
        />
      )}
      <p class="faint">
        Every sign-in, reading, change, export and erasure; “follow” is a page that stays open and up to date.
        Each row’s hash covers the row before it. <a href="/staff/audit?check">Check the trail</a>
      </p>
      <form class="filter" method="get" action="/staff/audit">
        <label class="search">
          <span>Reference, conversation’s id or colleague’s e-mail</span>
          <input name="about" value={about} maxLength={300} data-key="/" />
        </label>
        <button>Show</button>
        {about !== '' && <a href="/staff/audit">Clear</a>}
      </form>
      {props.rows.length === 0 && <p class="empty">Nothing was done to that.</p>}
      <div class="scrolls" hidden={props.rows.length === 0}>
        <table class="figures wide">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">Did</th>
              <th scope="col">To</th>
            </tr>
          </thead>
          <tbody>
            {props.rows.map((row) => (
              <tr key={row.id}>
                <td>
                  <Time at={row.at} frame={frame} />
                </td>
                <td>{row.actor}</td>
                <td>{row.action}</td>
                <td>
                  <Subject subject={row.subject} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Paging
        older={props.older === undefined ? undefined : auditAddress({ about, before: String(props.older) })}
        newest={props.isFirst ? undefined : auditAddress({ about })}
      />
    </MemberPage>
  );
}

/** The trail, of one thing only where `about` says of which. */
export function auditAddress(asked: { about: string; before?: string }): string {
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== '')).toString();
  return query === '' ? '/staff/audit' : `/staff/audit?${query}`;
}

function Subject(props: { subject: string }) {
  const [kind = '', ...rest] = props.subject.split(':');
  const id = encodeURIComponent(rest.join(':'));
  if (kind === 'conversation') return <a href={`/staff/conversations/${id}`}>{props.subject}</a>;
  if (kind === 'request') return <a href={`/staff/requests/${id}`}>{props.subject}</a>;
  return <>{props.subject}</>;
}
