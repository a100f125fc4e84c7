import * as z from 'zod';

function isSmtpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search, hash } = new URL(text);
  return (protocol === 'smtp:' || protocol === 'smtps:') && hostname !== '' && (pathname === '' || pathname === '/') && search === '' && hash === '';
}

/** An address alone, or behind a name: `Lectern <lectern@example.org>`. */
const sender = /^(?:[^<>\r\n"@,;]{1,80} <[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/;

export const mailConfig = z.object({
  NODE_ENV: z.string().optional().describe('production: the links of mails that are not sent stay out of the log. The image of the Dockerfile sets it.'),
  LECTERN_SMTP_URL: z
    .string()
    .refine(isSmtpUrl, 'must be an SMTP server, like smtps://user:password@mail.example.org or smtp://mail.example.org:587')
    .optional()
    .describe('SMTP server that sends mails: smtps://user:password@mail.example.org. Without it, no mail is sent: an administrator creates the links. In development, they are printed in the log.'),
  LECTERN_MAIL_FROM: z
    .string()
    .refine((text) => sender.test(text), 'must be an address, like lectern@example.org or Lectern <lectern@example.org>')
    .optional()
    .describe('Sender of mails: Lectern <lectern@example.org>'),
});
export type MailConfig = z.infer<typeof mailConfig>;

/** Checks that span several settings. */
export function checkMailConfig(config: MailConfig & { LECTERN_PUBLIC_URL?: string | undefined }, addProblem: (setting: 'LECTERN_MAIL_FROM' | 'LECTERN_PUBLIC_URL', message: string) => void): void {
  if (config.LECTERN_SMTP_URL === undefined) return;
  if (config.LECTERN_MAIL_FROM === undefined) addProblem('LECTERN_MAIL_FROM', 'Mails need a sender: set LECTERN_MAIL_FROM beside LECTERN_SMTP_URL.');
  if (config.LECTERN_PUBLIC_URL === undefined) addProblem('LECTERN_PUBLIC_URL', 'The links in mails need the address of the site: set LECTERN_PUBLIC_URL beside LECTERN_SMTP_URL.');
}
