import { isIP } from 'node:net';
import * as z from 'zod';
import { isNetwork } from '#engine/kernel';
import { checkMailConfig, mailConfig } from './mail/config.ts';
import { ProvidersSetting } from './identities/providerConfig.ts';

const urlList = (schemes: readonly string[]) =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').map((url) => url.trim()).filter((url) => url !== ''))
    .refine((urls) => urls.every((url) => schemes.some((scheme) => url.startsWith(`${scheme}:`))), {
      message: `each must begin with ${schemes.map((scheme) => `${scheme}:`).join(' or ')} (several are separated by commas)`,
    });

/** What Express's `trust proxy` accepts: the name of a range, an address, or a network with a prefix length. */
function isProxy(entry: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(entry)) return true;
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const version = isIP(address);
  return version !== 0 && (bits === undefined || (Number(bits) > 0 && Number(bits) <= (version === 4 ? 32 : 128)));
}

/** `https://portal.example.org`: as a browser writes it in `Origin`. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}

/** Settings of the web server, of accounts, of mail, and of the STUN and TURN servers that browsers use. */
export const apiConfig = z.object({
  LECTERN_HTTP_PORT: z.coerce.number().int().min(0).max(65535).default(8080).describe('HTTP port of the pages and the API. 0 uses any free port.'),
  LECTERN_HTTP_LISTEN_ADDRESS: z
    .union([z.ipv4(), z.ipv6(), z.literal('localhost')], 'must be an IP address of this machine, like 0.0.0.0 or 127.0.0.1')
    .default('0.0.0.0').describe('Address the web server listens on.'),
  LECTERN_PUBLIC_URL: z
    .url({ protocol: /^https?$/, abort: true })
    .refine((url) => /^https?:\/\/[^/?#@]+\/*$/i.test(url), 'must have no path: Lectern is served at the root of a host name, like https://lectern.example.org')
    .transform((url) => new URL(url).origin)
    .optional()
    .describe('URL at which browsers reach Lectern, if it is not the address it listens on: https://lectern.example.org'),
  LECTERN_TLS_CERT: z.string().optional().describe('File with the certificate chain (PEM). With LECTERN_TLS_KEY it enables HTTPS.'),
  LECTERN_TLS_KEY: z.string().optional().describe('File with the private key of the certificate (PEM).'),
  LECTERN_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((entry) => entry.trim()).filter((entry) => entry !== ''))
    .refine((entries) => entries.every(isProxy), 'must be addresses, networks like 10.0.0.0/8, or loopback, linklocal, uniquelocal, separated by commas')
    .describe('Addresses or networks of reverse proxies whose X-Forwarded-For is trusted: loopback, 10.0.0.0/8'),
  LECTERN_CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((origin) => origin.trim()).filter((origin) => origin !== ''))
    .refine((origins) => origins.every(isOrigin), 'must be origins like https://portal.example.org, separated by commas')
    .describe('Origins of other sites whose pages may call the API with an access token: https://portal.example.org'),
  LECTERN_OUTBOUND_NETWORKS: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((network) => network.trim()).filter((network) => network !== ''))
    .refine((networks) => networks.every(isNetwork), 'must be networks like 10.0.0.0/8, separated by commas')
    .describe('Networks that webhooks may be sent to although they are not public: 10.1.0.0/16'),
  LECTERN_SIGNUP: z.enum(['open', 'closed']).default('open').describe('Whether people may create accounts themselves.'),
  LECTERN_SIGNUP_ROLE: z.enum(['student', 'instructor']).default('student').describe('Role of a person who signs up.'),
  LECTERN_OIDC_PROVIDERS: ProvidersSetting.describe('OpenID Connect providers with which people sign in, as a JSON list. Required: id, name, issuer, clientId. Optional: clientSecret, clientAuthentication, scope, createsAccounts, roles, courses (README).'),
  LECTERN_STUN_URLS: urlList(['stun', 'stuns']).describe('STUN servers for browsers: stun:stun.example.org:3478'),
  LECTERN_TURN_URLS: urlList(['turn', 'turns']).describe('TURN servers for browsers: turn:turn.example.org:3478?transport=udp'),
  LECTERN_TURN_USERNAME: z.string().optional().describe('User name at the TURN server, used with LECTERN_TURN_PASSWORD.'),
  LECTERN_TURN_PASSWORD: z.string().optional().describe('Password at the TURN server.'),
  LECTERN_TURN_SECRET: z
    .string()
    .optional()
    .describe("Shared secret of the TURN server (coturn's static-auth-secret); browsers then get credentials that expire."),
}).extend(mailConfig.shape);
export type ApiConfig = z.infer<typeof apiConfig>;

/** Checks that span several settings; `main.ts` runs them on all settings. */
export function checkApiConfig(config: ApiConfig, addProblem: (setting: keyof ApiConfig, message: string) => void): void {
  checkMailConfig(config, addProblem);
  if ((config.LECTERN_TLS_CERT === undefined) !== (config.LECTERN_TLS_KEY === undefined)) {
    addProblem('LECTERN_TLS_KEY', 'LECTERN_TLS_CERT and LECTERN_TLS_KEY go together: set both or neither.');
  }
  const hasPassword = config.LECTERN_TURN_USERNAME !== undefined && config.LECTERN_TURN_PASSWORD !== undefined;
  if (config.LECTERN_TURN_URLS.length > 0 && !hasPassword && config.LECTERN_TURN_SECRET === undefined) {
    addProblem('LECTERN_TURN_URLS', 'A TURN server needs LECTERN_TURN_SECRET, or LECTERN_TURN_USERNAME and LECTERN_TURN_PASSWORD.');
  }
}
