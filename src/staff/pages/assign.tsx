import { Token } from './layout';
import type { Frame } from './layout';
import { mayUse } from '../permissions';
import { ME, NOBODY } from '../query';

/** Who sees to it, and the way to change that. */
export function Assign(props: {
  frame: Frame;
  /** The route of the form, as the permissions name it. */
  route: string;
  action: string;
  assignedTo: string | null;
  staff: string[];
}) {
  const { frame, assignedTo } = props;
  const { email } = frame.member;
  if (!mayUse(frame.member.role, props.route))
    return assignedTo === null ? null : <p id="assigned">Assigned to {assignedTo}.</p>;
  // Whoever has left stays named until somebody else is.
  const others = [...new Set([...props.staff, ...(assignedTo === null ? [] : [assignedTo])])];
  return (
    <form class="assign" id="assigned" method="post" action={props.action}>
      <Token member={frame.member} />
      <label>
        <span>Assigned to</span>
        <select name="to">
          <option value={NOBODY}>Nobody</option>
          <option value={ME} selected={assignedTo === email}>
            {`Me (${email})`}
          </option>
          {others
            .filter((other) => other !== email)
            .map((other) => (
              <option key={other} value={other} selected={other === assignedTo}>
                {other}
              </option>
            ))}
        </select>
      </label>
      <button class="quiet">Assign</button>
    </form>
  );
}
