import type { CourseRole } from '#engine/contract';
import { toCsv } from '../../csv/index.ts';

export interface ExportedMember {
  displayName: string;
  email: string;
  role: CourseRole;
  group: string;
  enrolledAt: string;
}

/** The members of a course as CSV. */
export function exportMembers(members: readonly ExportedMember[]): Uint8Array<ArrayBuffer> {
  const rows = members.map(({ displayName, email, role, group, enrolledAt }) => [displayName, email, role, group, enrolledAt]);
  return new TextEncoder().encode(toCsv(['name', 'email', 'role', 'group', 'enrolledAt'], rows));
}
