import { CourseId } from '#engine/contract';
import type { Caller, CourseAccess } from '../access/index.ts';
import type { AuditChanges, RouteName } from '../contract/index.ts';
import type { AuditRecord } from './AuditLog.ts';
import { routeAudit } from './routeAudit.ts';

/** A call of any route that has succeeded. */
export interface FinishedCall {
  params: unknown;
  query: unknown;
  body: unknown;
  caller: Pick<Caller, 'userId'> | undefined;
  course: CourseAccess | undefined;
  answer: unknown;
  /** What its handler has noted. */
  notes: AuditChanges;
  requestId: string;
  addressGroup: string;
}

/** The methods of a rule, for a call whose route is not known to the compiler. Methods are bivariant. */
interface AnyRule {
  action: string | { choose(call: unknown): string }['choose'];
  target: readonly [kind: string, id: { of(call: unknown): string | readonly string[] }['of']];
  changes?: { of(call: unknown): Record<string, AuditChanges[string] | undefined> }['of'];
}

/** The entries of the audit log for a call, one for each target; none for a route that is not audited. */
export function auditRecordsOf(name: RouteName, call: FinishedCall): AuditRecord[] {
  const rule = routeAudit[name] as 'none' | AnyRule;
  if (rule === 'none' || !call.caller) return [];
  const { action, target: [kind, idOf], changes } = rule;
  const given = Object.entries(changes?.(call) ?? {}).filter(([, value]) => value !== undefined);
  const record = {
    actorId: call.caller.userId,
    action: (typeof action === 'string' ? action : action(call)) as AuditRecord['action'],
    courseId: call.course?.courseId ?? courseInPath(call.params),
    requestId: call.requestId,
    addressGroup: call.addressGroup,
    changes: { ...(Object.fromEntries(given) as AuditChanges), ...call.notes },
  };
  return [idOf(call)].flat().map((id) => ({ ...record, target: { kind: kind as AuditRecord['target']['kind'], id } }));
}

function courseInPath(params: unknown): CourseId | null {
  const { courseId } = (params ?? {}) as { courseId?: unknown };
  return CourseId.safeParse(courseId).data ?? null;
}

