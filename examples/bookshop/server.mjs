// A small bookshop, the backend of the quick start: node examples/bookshop/server.mjs
// It listens on port 8090, or on the one the variable PORT names, keeps its books in memory and needs nothing but Node.
import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 8090);
const BODY_BYTES_MAX = 65_536;

const books = new Map(
  [
    { id: '1', title: 'A Field Guide to Lighthouses', author: 'Mara Lindqvist', price: 24.5 },
    { id: '2', title: 'Bridges and Their Keepers', author: 'Ismail Okonjo', price: 18 },
    { id: '3', title: 'The Long Towpath', author: 'Mara Lindqvist', price: 12.9 },
  ].map((book) => [book.id, book]),
);
let lastId = books.size;

const answer = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? '' : JSON.stringify(body));
};

const refuse = (response, status, message) => answer(response, status, { message });

/** The request's body as an object; undefined when it is no JSON object or too large. */
const bodyOf = async (request) => {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > BODY_BYTES_MAX) return undefined;
  }
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

const list = (response, author) => {
  const all = [...books.values()];
  answer(response, 200, { books: author ? all.filter((book) => book.author === author) : all });
};

const add = async (request, response) => {
  const { title, author, price } = (await bodyOf(request)) ?? {};
  if (typeof title !== 'string' || typeof author !== 'string' || typeof price !== 'number') {
    return refuse(response, 400, 'A book needs a title, an author and a price.');
  }
  lastId += 1;
  const book = { id: String(lastId), title, author, price };
  books.set(book.id, book);
  return answer(response, 201, book);
};

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://bookshop');
  const [, id] = /^\/books\/([^/]+)$/.exec(pathname) ?? [];
  const book = id === undefined ? undefined : books.get(id);

  if (pathname === '/books' && request.method === 'GET') return list(response, searchParams.get('author'));
  if (pathname === '/books' && request.method === 'POST') return add(request, response);
  if (!book) return refuse(response, 404, 'There is no such book.');
  if (request.method === 'GET') return answer(response, 200, book);
  if (request.method === 'DELETE') {
    books.delete(id);
    return answer(response, 204);
  }
  return refuse(response, 405, 'A book can be read and deleted.');
});

server.listen(port, () => console.log(`The bookshop is open on http://localhost:${port}/books`));
