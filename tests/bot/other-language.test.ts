import { startChat } from '../support/chat';

test('a visitor who writes Spanish is told in Spanish what the bot can do, and can book', async () => {
  const chat = await startChat();
  await chat.visitor('Hola, ¿cuánto cuesta el tratamiento?');
  chat.bot('solo puedo responder en inglés');
  chat.botIsDone();
  expect(chat.buttons()).toEqual(['Book a consultation']);
  await chat.visitor('Book a consultation');
  chat.bot('La clínica guarda su nombre');
});

test('one who writes a language the clinic has no sentence in is told in English', async () => {
  const chat = await startChat();
  await chat.visitor('сколько это стоит');
  chat.bot('I can only answer in English');
});

test('a foreign name in the booking is a name', async () => {
  const chat = await startChat();
  await chat.visitor('I want to book a consultation');
  chat.bot(/details/);
  await chat.visitor('yes');
  chat.bot('What name');
  await chat.visitor('María de los Ángeles García');
  chat.bot('How can the clinic reach you?');
  chat.botIsDone();
});
