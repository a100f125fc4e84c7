export type { HandlerResult, Call, Client, DeviceCookie, Handlers, RefreshCookie } from './Call.ts';
export type { Caller, CourseAccess } from './Caller.ts';
export { Gatekeeper } from './Gatekeeper.ts';
export { MacKeys } from './MacKeys.ts';
export type { MacSecrets } from './MacKeys.ts';
export type { LoginDirectory } from './ports.ts';
export { permissionTarget } from './permissionTarget.ts';
export { routeAccess } from './routeAccess.ts';
export type { RouteAccess } from './routeAccess.ts';
