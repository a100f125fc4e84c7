import type { MailTexts } from '../MailText.ts';

/** The mails in English. */
export const en: MailTexts = {
  greeting: (name) => (name === '' ? 'Hello,' : `Hello ${name},`),
  footer: (siteUrl) => `Sent by Lectern at ${siteUrl}. Nobody reads replies to this address.`,
  templates: {
    verifyEmail: ({ address, url = '' }) => ({
      subject: 'Confirm your email address',
      paragraphs: [`Somebody has created an account with the address ${address}. If it was you, confirm that the address is yours.`],
      link: { label: 'Confirm address', url },
      notes: ['The link works once, within three days.', 'If you did not create this account, ignore this mail. Do not open the link.'],
    }),
    resetPassword: ({ url = '' }) => ({
      subject: 'Set a new password',
      paragraphs: ['Somebody asked for a new password for your account. If it was you, choose one:'],
      link: { label: 'Set a new password', url },
      notes: ['The link works once, within one hour.', 'If it was not you, ignore this mail. Your password stays as it is.'],
    }),
    confirmOldAddress: ({ address, url = '' }) => ({
      subject: 'Confirm the change of your email address',
      paragraphs: [`Your account is about to get the new address ${address}. It changes when both addresses are confirmed.`],
      link: { label: 'Allow the change', url },
      notes: ['The link works once, within one day.', 'If you did not ask for this, ignore this mail and change your password.'],
    }),
    confirmNewAddress: ({ address, url = '' }) => ({
      subject: 'Confirm your new email address',
      paragraphs: [`Confirm that ${address} is your new address.`],
      link: { label: 'Confirm address', url },
      notes: ['The link works once, within one day.', 'If you did not ask for this, ignore this mail.'],
    }),
    passwordChanged: ({ url = '' }) => ({
      subject: 'Your password was changed',
      paragraphs: ['The password of your account was changed. All other devices were signed out.', 'If it was not you, set a new password at once:'],
      link: { label: 'Set a new password', url },
    }),
    accountDeactivated: ({ url = '', until }, { day }) => ({
      subject: 'Your account will be deleted',
      paragraphs: [`Your account is deactivated. It will be deleted on ${day(until)}, with everything personal.`, 'Sign in before that day to keep it.'],
      link: { label: 'Sign in', url },
    }),
    videoRestored: ({ address, url = '' }) => ({
      subject: 'The video is back from the archive',
      paragraphs: [`“${address}” can be watched again.`],
      link: { label: 'Watch', url },
    }),
    retentionMonth: ({ address, url = '', until }, { day }) => ({
      subject: 'Videos will be deleted in a month',
      paragraphs: [`By the retention rule of “${address}”, videos of the course will be deleted from ${day(until)} on.`, 'Choose “Keep this video” for those that should stay, or change the rule of the course.'],
      link: { label: 'See the videos', url },
    }),
    retentionWeek: ({ address, url = '', until }, { day }) => ({
      subject: 'Videos will be deleted in a week',
      paragraphs: [`By the retention rule of “${address}”, videos of the course will be deleted from ${day(until)} on. They can be restored for 14 days after that.`, 'Choose “Keep this video” for those that should stay, or change the rule of the course.'],
      link: { label: 'See the videos', url },
    }),
    invited: ({ course = '', url = '' }) => ({
      subject: 'You can join a course',
      paragraphs: [`An instructor has put this address on the list of ${course === '' ? 'a course' : `the course “${course}”`}.`, 'Sign in or create an account with this address, and confirm the address. You then join the course.'],
      link: { label: 'Sign in', url },
      notes: ['If you do not know about this, ignore this mail.'],
    }),
    movedUp: ({ course = '', url = '' }) => ({
      subject: 'You have a seat',
      paragraphs: [`A seat became free${course === '' ? '' : ` in the course “${course}”`}, and you are enrolled now.`],
      link: { label: 'Open the course', url },
      notes: ['If you no longer need the seat, leave the course, so that the next person gets it.'],
    }),
    courseOffered: ({ url = '', until }, { day }) => ({
      subject: 'A course is offered to you',
      paragraphs: [`The owner of a course asks you to take it over. You can accept or decline until ${day(until)}.`],
      link: { label: 'Open the course', url },
    }),
    exportReady: ({ url = '', until }, { day }) => ({
      subject: 'Your data is ready to download',
      paragraphs: [`Sign in to download a copy of everything that is stored about you. It is available until ${day(until)}.`],
      link: { label: 'Open the download', url },
    }),
  },
};
