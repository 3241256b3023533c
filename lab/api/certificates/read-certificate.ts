import { X509Certificate, createPrivateKey } from "node:crypto";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { NAME } from "../shared/name-length";
import { readLabels } from "../shared/read-labels";
import type { CertificateRecord } from "../records/certificate-record";

type Order = Omit<CertificateRecord, "id" | "created">;

const none = { certificate: null, fingerprint: null, notValidBefore: null, notValidAfter: null };

/** Reads and checks `POST /certificates`. */
export function readCertificate(call: Call): Order {
  const fields = new Fields(call.body);
  const type = fields.oneOf("type", ["uploaded", "managed"] as const) ?? "uploaded";
  const order = { name: fields.required("name", { max: NAME }), type, labels: readLabels(fields) ?? {} };
  const domainNames = fields.strings("domain_names");
  const [pem, key] = [fields.string("certificate"), fields.string("private_key")];
  if (type === "managed") {
    if (domainNames.length === 0) fields.reject("domain_names", "missing data for required field");
    fields.check();
    return { ...order, ...none, domainNames };
  }
  fields.require("certificate", "private_key");
  const content = readPem(fields, pem, key);
  fields.check();
  return { ...order, ...content };
}

/** What the certificate says of itself; a key that is not its own is noted. */
function readPem(fields: Fields, pem = "", key = ""): Omit<Order, "name" | "type" | "labels"> {
  const domainNames: string[] = [];
  try {
    const certificate = new X509Certificate(pem);
    if (!isKeyOf(certificate, key)) fields.reject("private_key", "is not the certificate's key in PEM form");
    domainNames.push(
      ...[...(certificate.subjectAltName ?? "").matchAll(/DNS:([^,\s]+)/g)].map(([, name = ""]) => name),
    );
    return {
      certificate: pem,
      domainNames,
      fingerprint: certificate.fingerprint256,
      notValidBefore: new Date(certificate.validFrom).toISOString(),
      notValidAfter: new Date(certificate.validTo).toISOString(),
    };
  } catch {
    if (pem !== "") fields.reject("certificate", "is not a certificate in PEM form");
    return { ...none, domainNames };
  }
}

function isKeyOf(certificate: X509Certificate, key: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
