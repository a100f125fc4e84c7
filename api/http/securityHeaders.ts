import type { RequestHandler } from 'express';
import helmet from 'helmet';

export interface SecurityHeadersOptions {
  isTls: boolean;
  /** Origins that signed media URLs redirect to (an object store, a CDN). */
  mediaOrigins: readonly string[];
}

const permissionsPolicy = 'camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), picture-in-picture=(self), geolocation=(), payment=(), usb=()';

/** Security headers of every response. Pages may run their own scripts, play media from blobs (hls.js) and open sockets to this server. */
export function securityHeaders({ isTls, mediaOrigins }: SecurityHeadersOptions): RequestHandler[] {
  const protect = helmet({
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
        connectSrc: ["'self'", 'ws:', 'wss:', ...mediaOrigins],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
    // Both apply to secure origins only; over plain HTTP browsers log a warning.
    strictTransportSecurity: isTls ? { maxAge: 180 * 24 * 3600, includeSubDomains: false } : false,
    crossOriginOpenerPolicy: isTls,
    originAgentCluster: isTls,
    xPoweredBy: false,
  });
  const permit: RequestHandler = (_request, response, next) => {
    response.setHeader('Permissions-Policy', permissionsPolicy);
    next();
  };
  return [protect, permit];
}
