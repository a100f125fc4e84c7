import * as z from 'zod';
import { CourseId, SiteRole } from '#engine/contract';
import { ProviderId } from '../contract/index.ts';

const loopback = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/;

/** What a claim of a provider grants. The claim is a text or a list of texts. */
const Mapping = <S extends z.ZodType>(granted: S) => z.strictObject({ claim: z.string().min(1).max(200), values: z.record(z.string().max(300), granted) });

/** One OpenID Connect provider. */
export const ProviderConfig = z.strictObject({
  /** Part of the redirect URI: `https://lectern.example.org/sign-in/<id>`. */
  id: ProviderId,
  /** On the button. */
  name: z.string().trim().min(1).max(60),
  issuer: z.url().refine((url) => url.startsWith('https://') || loopback.test(url), 'must begin with https://'),
  clientId: z.string().min(1).max(500),
  clientSecret: z.string().min(1).max(1000).optional(),
  clientAuthentication: z.enum(['client_secret_basic', 'client_secret_post']).default('client_secret_basic'),
  scope: z.string().min(1).max(500).default('openid email profile').refine((scope) => scope.split(' ').includes('openid'), 'must contain openid'),
  /**
   * True: while the site's sign-up accepts the address. `always`: also while sign-up is closed or limited to other domains.
   * False: only people who have an account here already sign in with it.
   */
  createsAccounts: z.union([z.boolean(), z.literal('always')], 'must be true, false or "always"').default(true),
  roles: Mapping(SiteRole).optional(),
  courses: Mapping(z.strictObject({ courseId: CourseId, role: z.enum(['student', 'assistant']).default('student') })).optional(),
});
export type ProviderConfig = z.infer<typeof ProviderConfig>;

const Providers = z
  .array(ProviderConfig)
  .max(20)
  .refine((providers) => new Set(providers.map(({ id }) => id)).size === providers.length, 'each provider needs an id of its own');

/** The setting: JSON. A problem names the field, never its value: a value may be a secret. */
export const ProvidersSetting = z
  .string()
  .default('')
  .transform((text, context): ProviderConfig[] => {
    const parsed = Providers.safeParse(text.trim() === '' ? [] : parseJson(text));
    if (parsed.success) return parsed.data;
    for (const { path, code, message } of parsed.error.issues) {
      const shown = code === 'unrecognized_keys' ? 'has a field that is not known' : message;
      context.addIssue({ code: 'custom', message: `must be a JSON list of providers: ${[...path.map(String), shown].join(': ')}` });
    }
    return z.NEVER;
  });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
