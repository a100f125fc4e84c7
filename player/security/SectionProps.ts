import type { Security } from '#api/contract';

/** A section of the page Security. */
export interface SectionProps {
  security: Security;
  /** Loads the state again after a change; new recovery codes are shown. */
  onChanged: (recoveryCodes?: readonly string[] | null) => void;
}
