import { asksToBookElsewhere } from '../../src/conversation/asks-to-book-elsewhere';

test.each([
  ['quiero reservar una cita', 'es'],
  ['Hola, me gustaría pedir cita para la semana que viene, por favor', 'es'],
  ['cita por favor', 'es'],
  ['¿cómo puedo agendar una cita?', 'es'],
  ['quero marcar uma consulta', 'pt'],
  ['Bom dia, gostaria de agendar uma avaliação', 'pt'],
  ['je voudrais prendre rendez-vous', 'fr'],
  ['Bonjour, un rendez-vous s’il vous plaît', 'fr'],
  ['ich möchte einen Termin', 'de'],
  ['Ich hätte gern einen Beratungstermin nächsten Freitag', 'de'],
  ['wie kann ich einen Termin vereinbaren?', 'de'],
  ['Termin bitte', 'de'],
  ['vorrei prenotare un appuntamento', 'it'],
  ['posso fissare una visita?', 'it'],
])('"%s" asks for an appointment in %s', (text, language) =>
  expect(asksToBookElsewhere(text)).toBe(language),
);

test.each([
  'I want to book an appointment',
  '¿cuánto cuesta una cita?',
  'was kostet ein Termin',
  'quiero cancelar mi cita',
  'ich möchte meinen Termin verschieben',
  'tengo una consulta',
  'quiero hacer una consulta',
  'ciao',
  'will the termination hurt',
  '',
])('"%s" does not', (text) => expect(asksToBookElsewhere(text)).toBeUndefined());
