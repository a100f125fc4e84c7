import type { MailTexts } from '../MailText.ts';

/** The mails in Spanish. */
export const es: MailTexts = {
  greeting: (name) => (name === '' ? 'Hola:' : `Hola, ${name}:`),
  footer: (siteUrl) => `Enviado por Lectern en ${siteUrl}. Nadie lee las respuestas a esta dirección.`,
  templates: {
    verifyEmail: ({ address, url = '' }) => ({
      subject: 'Confirma tu correo',
      paragraphs: [`Alguien ha creado una cuenta con el correo ${address}. Si has sido tú, confirma que es tuyo.`],
      link: { label: 'Confirmar correo', url },
      notes: ['El enlace funciona una vez, durante tres días.', 'Si no has creado esta cuenta, ignora este mensaje. No abras el enlace.'],
    }),
    resetPassword: ({ url = '' }) => ({
      subject: 'Elige una contraseña nueva',
      paragraphs: ['Alguien ha pedido una contraseña nueva para tu cuenta. Si has sido tú, elígela:'],
      link: { label: 'Elegir contraseña', url },
      notes: ['El enlace funciona una vez, durante una hora.', 'Si no has sido tú, ignora este mensaje. Tu contraseña no cambia.'],
    }),
    confirmOldAddress: ({ address, url = '' }) => ({
      subject: 'Confirma el cambio de tu correo',
      paragraphs: [`Tu cuenta va a cambiar al correo ${address}. Cambia cuando ambos correos estén confirmados.`],
      link: { label: 'Permitir el cambio', url },
      notes: ['El enlace funciona una vez, durante un día.', 'Si no lo has pedido, ignora este mensaje y cambia tu contraseña.'],
    }),
    confirmNewAddress: ({ address, url = '' }) => ({
      subject: 'Confirma tu correo nuevo',
      paragraphs: [`Confirma que ${address} es tu correo nuevo.`],
      link: { label: 'Confirmar correo', url },
      notes: ['El enlace funciona una vez, durante un día.', 'Si no lo has pedido, ignora este mensaje.'],
    }),
    passwordChanged: ({ url = '' }) => ({
      subject: 'Tu contraseña ha cambiado',
      paragraphs: ['La contraseña de tu cuenta ha cambiado. Se ha cerrado la sesión en los demás dispositivos.', 'Si no has sido tú, elige otra ahora mismo:'],
      link: { label: 'Elegir contraseña', url },
    }),
    accountDeactivated: ({ url = '', until }, { day }) => ({
      subject: 'Tu cuenta se va a eliminar',
      paragraphs: [`Tu cuenta está desactivada. Se eliminará el ${day(until)}, con todos tus datos personales.`, 'Inicia sesión antes de ese día para conservarla.'],
      link: { label: 'Iniciar sesión', url },
    }),
    videoRestored: ({ address, url = '' }) => ({
      subject: 'El vídeo ha vuelto del archivo',
      paragraphs: [`Ya puedes ver otra vez «${address}».`],
      link: { label: 'Ver', url },
    }),
    retentionMonth: ({ address, url = '', until }, { day }) => ({
      subject: 'Se eliminarán vídeos dentro de un mes',
      paragraphs: [`Por la regla de conservación de «${address}», se eliminarán vídeos del curso a partir del ${day(until)}.`, 'Elige «Conservar este vídeo» en los que deban quedarse, o cambia la regla del curso.'],
      link: { label: 'Ver los vídeos', url },
    }),
    retentionWeek: ({ address, url = '', until }, { day }) => ({
      subject: 'Se eliminarán vídeos dentro de una semana',
      paragraphs: [`Por la regla de conservación de «${address}», se eliminarán vídeos del curso a partir del ${day(until)}. Después se pueden recuperar durante 14 días.`, 'Elige «Conservar este vídeo» en los que deban quedarse, o cambia la regla del curso.'],
      link: { label: 'Ver los vídeos', url },
    }),
    invited: ({ course = '', url = '' }) => ({
      subject: 'Puedes unirte a un curso',
      paragraphs: [`Alguien que da clase ha puesto este correo en la lista de ${course === '' ? 'un curso' : `el curso «${course}»`}.`, 'Inicia sesión o crea una cuenta con este correo y confírmalo. Entonces entrarás en el curso.'],
      link: { label: 'Iniciar sesión', url },
      notes: ['Si no sabes de qué se trata, ignora este mensaje.'],
    }),
    movedUp: ({ course = '', url = '' }) => ({
      subject: 'Tienes plaza',
      paragraphs: [`Ha quedado libre una plaza${course === '' ? '' : ` en el curso «${course}»`} y ya estás en él.`],
      link: { label: 'Abrir el curso', url },
      notes: ['Si ya no necesitas la plaza, deja el curso para que la tenga la siguiente persona.'],
    }),
    courseOffered: ({ url = '', until }, { day }) => ({
      subject: 'Te ofrecen un curso',
      paragraphs: [`Quien tiene un curso te pide que te quedes con él. Puedes aceptar o rechazar hasta el ${day(until)}.`],
      link: { label: 'Abrir el curso', url },
    }),
    exportReady: ({ url = '', until }, { day }) => ({
      subject: 'Tus datos están listos',
      paragraphs: [`Inicia sesión para descargar una copia de todo lo que se guarda sobre ti. Está disponible hasta el ${day(until)}.`],
      link: { label: 'Abrir la descarga', url },
    }),
  },
};
