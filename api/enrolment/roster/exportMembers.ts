import { stringify } from 'csv-stringify/sync';
import type { CourseRole } from '#engine/contract';
import { neutralizeFormula } from './neutralizeFormula.ts';

export interface ExportedMember {
  displayName: string;
  email: string;
  role: CourseRole;
  group: string;
  enrolledAt: string;
}

/** The members of a course as CSV (RFC 4180), in UTF-8 with a byte order mark, by which Excel recognizes it. */
export function exportMembers(members: readonly ExportedMember[]): Uint8Array<ArrayBuffer> {
  const rows = members.map(({ displayName, email, role, group, enrolledAt }) => [displayName, email, role, group, enrolledAt].map(neutralizeFormula));
  return new TextEncoder().encode(stringify([['name', 'email', 'role', 'group', 'enrolledAt'], ...rows], { bom: true, record_delimiter: 'windows' }));
}
