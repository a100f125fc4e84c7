import type { Call, HandlerResult } from '../access/index.ts';
import type { AuditAction, AuditChanges, AuditTargetKind, RouteName } from '../contract/index.ts';

/** A call that has succeeded. */
export type AuditedCall<N extends RouteName> = Pick<Call<N>, 'params' | 'query' | 'body' | 'course'> & { answer: HandlerResult<N> };

/** How a route is audited. `none`: it reads, or acts on nobody but the caller. */
export type RouteAudit<N extends RouteName> = 'none' | AuditRule<N>;

export interface AuditRule<N extends RouteName> {
  action: AuditAction | ((call: AuditedCall<N>) => AuditAction);
  /** A call on several targets has an entry for each. */
  target: readonly [kind: AuditTargetKind, id: (call: AuditedCall<N>) => string | readonly string[]];
  /** Fields by name: never a whole body, which may hold a secret or a person. What a handler notes is added. */
  changes?: (call: AuditedCall<N>) => { [field: string]: AuditChanges[string] | undefined };
}

export type RouteAudits = { readonly [N in RouteName]: RouteAudit<N> };
