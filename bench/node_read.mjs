// Reads the whole list with fetch and JSON.parse, and looks at each customer.
//
//     TOKEN=... node node_read.mjs BASE_URL PAGE_SIZE
//
// Prints: customers, seconds.
const [baseUrl, pageSize] = process.argv.slice(2);
const own = { authorization: `Bearer ${process.env.TOKEN}`, accept: "application/json", "accept-encoding": "identity" };
const began = performance.now();
let count = 0;
let size = 0;
let url = `${baseUrl}/v1/customers?size=${pageSize}`;
let headers = own;
while (url) {
  const answer = await fetch(url, { headers });
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`);
  const page = JSON.parse(await answer.text());
  for (const customer of page.items) {
    count += 1;
    size += customer.id.length + customer.companyProfile.companyName.length + customer.companyProfile.domain.length;
  }
  const next = page.links.next;
  url = next && `${baseUrl}/v1${next.uri}`;
  headers = next && { ...own, ...Object.fromEntries(next.headers.map(({ key, value }) => [key, value])) };
}
if (size === 0) throw new Error("nothing was read");
console.log(`${count} ${((performance.now() - began) / 1000).toFixed(6)}`);
