import type { Frame } from './layout';
import { mayUse } from '../permissions';

/** The way to contact details that are masked, for those who may see them. */
export function Reveal(props: { frame: Frame; route: string; address: string }) {
  const { frame, address } = props;
  if (!mayUse(frame.member.role, props.route)) return null;
  return frame.revealed ? (
    <p class="faint">
      Contact details are shown, and the audit trail says so. <a href={address}>Mask them</a>
    </p>
  ) : (
    <p class="faint">
      Telephone numbers and e-mail addresses are masked.{' '}
      <a href={`${address}/revealed`} data-key="v">
        Show them
      </a>
    </p>
  );
}
