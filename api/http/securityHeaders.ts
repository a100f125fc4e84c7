import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';
import helmet from 'helmet';

export interface SecurityHeadersOptions {
  /** Whether the browser reached this server by HTTPS, also through a proxy. */
  isSecure: (request: Request) => boolean;
  /** The origin of the pages; without it, the host of each request. */
  publicUrl: string | undefined;
  /** Origins that signed media URLs redirect to (an object store, a CDN). */
  mediaOrigins: readonly string[];
}

const permissionsPolicy = 'camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), picture-in-picture=(self), geolocation=(), payment=(), usb=()';

/** Security headers of every response. Pages may run their own scripts, play media from blobs (hls.js) and open sockets to this server. */
export function securityHeaders({ isSecure, publicUrl, mediaOrigins }: SecurityHeadersOptions): RequestHandler[] {
  const protect = (isSecureRequest: boolean) => helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // The player's controls are web components with <style> in their shadow roots.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:', ...mediaOrigins],
        fontSrc: ["'self'", 'data:'],
        mediaSrc: ["'self'", 'blob:', ...mediaOrigins],
        // Safari before 15.4 does not match a WebSocket URL with 'self'.
        connectSrc: ["'self'", (request: IncomingMessage) => socketOrigin(request, { publicUrl, isSecureRequest }), ...mediaOrigins],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
    // Both apply to secure origins only; over plain HTTP browsers log a warning.
    strictTransportSecurity: isSecureRequest ? { maxAge: 180 * 24 * 3600, includeSubDomains: false } : false,
    crossOriginOpenerPolicy: isSecureRequest,
    originAgentCluster: isSecureRequest,
    xPoweredBy: false,
  });
  const permit: RequestHandler = (_request, response, next) => {
    response.setHeader('Permissions-Policy', permissionsPolicy);
    next();
  };
  const [protectSecure, protectPlain] = [protect(true), protect(false)];
  return [(request, response, next) => (isSecure(request) ? protectSecure : protectPlain)(request, response, next), permit];
}

/** The only origin to which pages may open a WebSocket: `wss://lectern.example.org`. */
function socketOrigin({ headers }: IncomingMessage, { publicUrl, isSecureRequest }: { publicUrl: string | undefined; isSecureRequest: boolean }): string {
  if (publicUrl !== undefined) return publicUrl.replace(/^http/, 'ws');
  const { host = '' } = headers;
  // The header is written by the client: anything but a host name and port must not reach the policy.
  return /^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(host) ? `${isSecureRequest ? 'wss' : 'ws'}://${host}` : "'self'";
}
