// What the settings of the site refuse.
import { CodedError } from '#engine/contract';
import type { SiteRole } from '#engine/contract';
import type { SiteSettings } from '../contract/index.ts';

/** @throws CodedError `access.denied` when an account for this address cannot be created by sign-up, in whatever way */
export function requireSignupAllowed({ signup, signupDomains }: Pick<SiteSettings, 'signup' | 'signupDomains'>, email: string): void {
  if (signup === 'closed') throw new CodedError('access.denied', 'You cannot create an account here: sign-up is closed. Ask an administrator for an account.');
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  if (signup === 'domains' && !signupDomains.includes(domain)) {
    const names = signupDomains.map((name) => `@${name}`).join(', ');
    throw new CodedError('access.denied', `You cannot create an account with this address. Use an address that ends in ${names}, or ask an administrator for an account.`, { details: { field: 'email' } });
  }
}

/** @throws CodedError `site.maintenance` unless an administrator signs in */
export function requireSignInAllowed({ isInMaintenance }: Pick<SiteSettings, 'isInMaintenance'>, roles: readonly SiteRole[]): void {
  if (isInMaintenance && !roles.includes('admin')) throw new CodedError('site.maintenance', 'The site is under maintenance. You can sign in again when it is over.');
}

/** @throws CodedError `site.maintenance` */
export function requireLecturesAllowed({ isInMaintenance }: Pick<SiteSettings, 'isInMaintenance'>): void {
  if (isInMaintenance) throw new CodedError('site.maintenance', 'The site is under maintenance, so no lecture can start. Lectures that are live continue.');
}

/** @throws CodedError `course.limitReached` for the owner of so many courses */
export function requireCourseAllowed({ maxCoursesPerInstructor: max }: Pick<SiteSettings, 'maxCoursesPerInstructor'>, owner: { roles: readonly SiteRole[]; courses: number }): void {
  if (max === null || owner.courses < max || owner.roles.includes('admin')) return;
  throw new CodedError('course.limitReached', `You own ${owner.courses} courses, and this site allows ${max}. Delete one, or ask an administrator.`);
}
