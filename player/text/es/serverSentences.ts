import type { ServerSentences } from '../serverSentences.ts';

const emission = 'En OBS: Ajustes → Salida → Modo de salida: Avanzado → Emisión';
const encoder = 'En OBS: Ajustes → Salida → Emisión → Codificador de vídeo';
const wait = (time: string | undefined) => (time ?? '').replace('seconds', 'segundos').replace('minutes', 'minutos');
const roles: Readonly<Record<string, string>> = { owner: 'profesor', assistant: 'ayudante', student: 'alumno' };

/** What forms say about a field. */
const fields: ServerSentences = [
  ['Send the nextCursor of the page before.', 'Envía el nextCursor de la página anterior.'],
  ['Enter an email address, like name@example.org.', 'Escribe un correo, como nombre@example.org.'],
  ['Enter a name.', 'Escribe un nombre.'],
  ['Enter the password.', 'Escribe la contraseña.'],
  ['Enter the code.', 'Escribe el código.'],
  ['Enter your current password to set a new one.', 'Escribe tu contraseña actual para poner una nueva.'],
  ['Give the course a title.', 'Ponle un título al curso.'],
  ['Give the lecture a title.', 'Ponle un título a la clase.'],
  ['At least a minute.', 'Al menos un minuto.'],
  ['At most a day.', 'Como máximo un día.'],
  ['At least one role.', 'Al menos un rol.'],
  ['Choose a language from the list.', 'Elige un idioma de la lista.'],
  ['The term ends before it starts.', 'El trimestre termina antes de empezar.'],
  ['Choose a date.', 'Elige una fecha.'],
  ['Give the category a name.', 'Ponle un nombre a la categoría.'],
  [/^At most (\d+) tags\.$/, (count) => `Como máximo ${count} etiquetas.`],
  [/^A tag has at most (\d+) characters\.$/, (count) => `Una etiqueta tiene como máximo ${count} caracteres.`],
  ['There is already a category with this name. Choose another name.', 'Ya hay una categoría con este nombre. Elige otro.'],
  [/^There are (\d+) categories already\./, (count) => `Ya hay ${count} categorías. Elimina una que no se use.`],
  [/^(\d+) of (\d+) lectures would be in the past\./, (past, all) => `${past} de ${all} clases quedarían en el pasado. Muévelas más semanas o no las copies.`],
  [/^At least (\d+) characters\.$/, (count) => `Al menos ${count} caracteres.`],
  [/^At most (\d+) characters\.$/, (count) => `Como máximo ${count} caracteres.`],
  ['Choose a time zone of the IANA database, like Europe/Madrid.', 'Elige una zona horaria de la base de datos IANA, como Europe/Madrid.'],
  ['This is no time zone.', 'Esto no es una zona horaria.'],
  ['Open the setup link from the terminal.', 'Abre el enlace de configuración de la terminal.'],
  ['This password is among the first that others try. Choose a less usual one, like a few words.', 'Esta contraseña es de las primeras que otros prueban. Elige una menos común, como unas cuantas palabras.'],
  ['The current password is wrong. Try again.', 'La contraseña actual no es correcta. Inténtalo de nuevo.'],
  ['This time has passed. Choose a later one, or start the lecture now.', 'Esa hora ya ha pasado. Elige otra posterior o empieza la clase ahora.'],
];

/** What the server refuses, where its sentence says more than the error code. */
const refusals: ServerSentences = [
  [/^Too many attempts\. Try again in (\d+ (?:seconds|minutes))\.$/, (time) => `Demasiados intentos. Inténtalo de nuevo en ${wait(time)}.`],
  [/^Slow mode is on\. You can send the next message in (\d+) s\.$/, (seconds) => `El modo lento está activado. Puedes enviar el próximo mensaje en ${seconds} s.`],
  [/^You are sending messages too fast\. You can send the next one in (\d+) s\.$/, (seconds) => `Envías mensajes demasiado rápido. Puedes enviar el próximo en ${seconds} s.`],
  ['You raised your hand too often. Wait a moment and try again.', 'Has levantado la mano demasiadas veces. Espera un momento e inténtalo de nuevo.'],
  [/^This is too large to send: the limit is (\d+ (?:kB|MB))\. Shorten it and try again\.$/, (limit) => `Es demasiado grande para enviarlo: el límite es ${limit}. Acórtalo e inténtalo de nuevo.`],
  [/^The image has too many pixels: at most (\d+) megapixels are accepted\. Choose a smaller one\.$/, (most) => `La imagen tiene demasiados píxeles: como máximo ${most} megapíxeles. Elige una más pequeña.`],
  ['The image is damaged: it cannot be read to its end. Choose another file.', 'La imagen está dañada y no se puede leer entera. Elige otro archivo.'],
  [/^Only administrators can do this\./, 'Esto solo lo pueden hacer los administradores. Pide a uno que te dé el rol.'],
  [/^Only instructors can do this\./, 'Esto solo lo pueden hacer los profesores. Pide a un administrador que te dé el rol.'],
  [/^Your role in this course \((\w+)\) does not allow this\./, (role) => `Tu rol en este curso (${roles[role ?? ''] ?? role}) no permite hacer esto. Pide al profesor del curso que lo cambie.`],
  ['Only instructors and assistants can moderate the chat. Ask one of them.', 'El chat solo lo pueden moderar los profesores y ayudantes. Pídeselo a uno de ellos.'],
  ['The owner cannot leave the course: every course has one owner.', 'El profesor no puede salir del curso: cada curso tiene uno.'],
  ['The owner of the course cannot be muted or removed.', 'No se puede silenciar ni expulsar al profesor del curso.'],
  ['You are not in this course. Open the course link from your instructor and join the course first.', 'No estás en este curso. Abre el enlace que te dio tu profesor y únete antes.'],
  ['You cannot create an account here: sign-up is closed. Ask an administrator for an account.', 'Aquí no puedes crear una cuenta: el registro está cerrado. Pide una a un administrador.'],
  ['This course is not published yet. Your instructor will open it to you.', 'Este curso aún no está publicado. Tu profesor lo abrirá.'],
  ['You cannot join this course yet: it is not published.', 'Aún no puedes unirte a este curso: no está publicado.'],
  ['You cannot join this course any more: it is archived.', 'Ya no puedes unirte a este curso: está archivado.'],
  ['This course is a draft. Only a published course can be archived: publish it, or delete it.', 'Este curso es un borrador. Solo se archiva un curso publicado: publícalo o elimínalo.'],
  ['This course is archived. Take it out of the archive first.', 'Este curso está archivado. Sácalo antes del archivo.'],
  [
    'This course is archived: its recordings can be watched, and nothing new starts. The owner can take it out of the archive.',
    'Este curso está archivado: se pueden ver sus grabaciones y no empieza nada nuevo. El profesor puede sacarlo del archivo.',
  ],
  ['This course was deleted too long ago to be restored.', 'Este curso se eliminó hace demasiado tiempo para restaurarlo.'],
  ['A lecture of this course is live. End it first.', 'Hay una clase de este curso en directo. Termínala antes.'],
  ['You cannot open this course: it is closed, and you are not in it. Ask the instructor to add you.', 'No puedes abrir este curso: está cerrado y no estás en él. Pide al profesor que te añada.'],
  ['You cannot remove yourself. Leave the room instead.', 'No puedes expulsarte. Sal de la sala.'],
  ['You cannot send video or audio: only presenters can. Open the lecture in the studio.', 'No puedes enviar vídeo ni audio: solo quienes presentan. Abre la clase en el estudio.'],
  ['Your role in this course does not allow you to write in the chat. Ask the instructor.', 'Tu rol en este curso no te permite escribir en el chat. Habla con el profesor.'],
  ['The password was just changed. Sign in with the new one.', 'La contraseña se acaba de cambiar. Inicia sesión con la nueva.'],
  ['You are already in this course. Reload the page to open it.', 'Ya estás en este curso. Vuelve a cargar la página para abrirlo.'],
  ['This lecture has already started and cannot be cancelled. End it instead.', 'Esta clase ya ha empezado y no se puede cancelar. Termínala.'],
  ['This lecture has already started. Only its title can still be changed.', 'Esta clase ya ha empezado. Solo se puede cambiar su título.'],
  ['This lecture has not started yet. Wait for the instructor to start it.', 'Esta clase aún no ha empezado. Espera a que el profesor la empiece.'],
  ['The recording of this lecture has not started yet. Try again in a few seconds.', 'La grabación de esta clase aún no ha empezado. Inténtalo de nuevo en unos segundos.'],
  ['This stream key was just replaced. Copy the new one from the course page.', 'Esta clave de transmisión se acaba de cambiar. Copia la nueva de la página del curso.'],
];

/** What is wrong with the stream of an encoder, and which settings help. */
const encoders: ServerSentences = [
  [/^The color format is not 4:2:0\./, 'El formato de color no es 4:2:0. En OBS: Ajustes → Avanzado → Formato de color: NV12. Firefox y Safari no reproducen otros formatos, así que el vídeo se recodifica y pierde nitidez.'],
  [/^The video has more than 8 bits per sample\./, 'El vídeo tiene más de 8 bits por muestra. En OBS: Ajustes → Avanzado → Formato de color: NV12. La mayoría de los navegadores no lo reproduce, así que se recodifica y pierde nitidez.'],
  [/^The video is interlaced\./, 'El vídeo es entrelazado. Pon el codificador en progresivo (1080p o 720p, no 1080i). En OBS: Ajustes → Avanzado → Formato de color: NV12, y desentrelaza la fuente. Los navegadores no reproducen vídeo entrelazado, así que se recodifica y pierde nitidez.'],
  [/→ Profile: high\./, `${emission} → Perfil: high. Los navegadores no reproducen el perfil del codificador, así que el vídeo se recodifica y pierde nitidez.`],
  [/→ Tune: zerolatency/, `${emission} → Ajuste: zerolatency (o escribe bf=0 en las opciones de x264; con un codificador de hardware, pon 0 en «B-frames máx.»). Los navegadores no reproducen fotogramas B en directo, así que el vídeo se recodifica y pierde nitidez y medio segundo. La grabación no cambia.`],
  [/→ Keyframe Interval: 1 s \(now ([\d.]+) s\)\./, (now) => `${emission} → Intervalo de fotogramas clave: 1 s (ahora ${now} s). Quien entra espera al siguiente fotograma clave, así que el vídeo en directo se recodifica con más.`],
  [/→ Video Bitrate: 2500 to 4500 Kbps \(now ([\d.]+) Mbps\)\./, (now) => `En OBS: Ajustes → Salida → Tasa de bits de vídeo: de 2500 a 4500 kbps (ahora ${now} Mbps). Más no llega a los alumnos con redes lentas.`],
  [/^Only (\d+) frames a second arrive\./, (rate) => `Solo llegan ${rate} fotogramas por segundo. En OBS: Ajustes → Vídeo → Valores comunes de FPS: 30; si ya es 30, este ordenador o su red no dan abasto: baja la resolución de salida.`],
  [/^The configuration that the encoder sends for its H\.264 video is invalid: (.*?)\. Restart/, (problem) => `La configuración que el codificador envía para su vídeo H.264 no es válida: ${problem}. Reinicia el codificador. ${encoder}: x264, o cualquier codificador H.264.`],
  [/^The configuration that the encoder sends for its AAC audio is invalid: (.*?)\. In OBS/, (problem) => `La configuración que el codificador envía para su audio AAC no es válida: ${problem}. En OBS: Ajustes → Salida → Emisión → Codificador de audio: AAC.`],
  [/^The encoder has sent no keyframe\./, `El codificador no ha enviado ningún fotograma clave. Reinícialo; si no sirve, elige otro codificador H.264. ${encoder}.`],
  [/^The encoder sends no AAC audio\./, 'El codificador no envía audio AAC. En OBS: Ajustes → Salida → Emisión → Codificador de audio: AAC, con al menos una pista de audio marcada. Para dar clase sin audio, envía una pista en silencio.'],
  [/^The encoder sends no H\.264 video\./, `El codificador no envía vídeo H.264. ${encoder}: x264, o cualquier codificador H.264.`],
  [/^The encoder sends neither H\.264 video nor AAC audio\./, 'El codificador no envía vídeo H.264 ni audio AAC. En OBS: Ajustes → Salida → Emisión: codificador de vídeo x264, codificador de audio AAC.'],
  ['The stream key of this course was replaced. Enter the new one in the encoder.', 'La clave de transmisión de este curso se ha cambiado. Pon la nueva en el codificador.'],
  ['Lectern could not open the room for this encoder.', 'Lectern no ha podido abrir la sala para este codificador.'],
];

export const serverSentences: ServerSentences = [...fields, ...refusals, ...encoders];
