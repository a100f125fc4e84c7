import { may, mayAdministrate, meetsSiteRequirement } from '#engine/contract';
import { routeAccess } from '../../access/index.ts';
import type { RouteAccess } from '../../access/index.ts';
import { routes } from '../../contract/index.ts';
import type { Problem, RouteName, RouteSpec } from '../../contract/index.ts';
import type { Person, Target } from './matrixWorld.ts';

/** `unknown`: the caller is not identified. `refused`: the caller may not. `passed`: any other answer, also that there is no such thing. */
export type Outcome = 'unknown' | 'refused' | 'passed';

/** What the table of permissions (PERMISSIONS.md) says about a call. */
export function expectedOutcome(name: RouteName, person: Person, target: Target): Outcome {
  const spec: RouteSpec = routes[name];
  if (spec.auth === 'none') return 'passed';
  if (person.siteRoles.length === 0) return 'unknown';
  if (!meetsSiteRequirement(person.siteRoles, spec.auth)) return 'refused';
  const access: RouteAccess = routeAccess[name];
  if (access === 'account') return 'passed';
  const isAllowed = may(person.roles[target], access.course) || (person.siteRoles.includes('admin') && mayAdministrate(access.course));
  return isAllowed ? 'passed' : 'refused';
}

const refusals: ReadonlySet<Problem['code']> = new Set<Problem['code']>(['access.denied', 'enrolment.removed', 'participant.removed', 'account.deactivated']);

export function outcomeOf(status: number, code: Problem['code'] | undefined): Outcome {
  if (status === 401 && code !== 'credentials.wrong') return 'unknown';
  return status === 403 && code !== undefined && refusals.has(code) ? 'refused' : 'passed';
}
