/* Asks a security key or a passkey, and sends its answer with the form around it. */
(() => {
  "use strict";
  const form = document.querySelector("[data-passkey]");
  const button = form.querySelector("[data-passkey-ask]");
  if (!window.PublicKeyCredential) return;
  button.hidden = false;
  form.querySelector("[data-passkey-impossible]")?.remove();

  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  /* Bytes stand in JSON as base64url. */
  const read = (options) => {
    const known = options.excludeCredentials || options.allowCredentials || [];
    known.forEach((credential) => { credential.id = bytes(credential.id); });
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    return options;
  };
  const written = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    const clientExtensionResults = credential.getClientExtensionResults();
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults };
  };

  const ask = async () => {
    const { publicKey } = JSON.parse(document.getElementById("passkey-options").textContent);
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey: read(publicKey) });
    form.elements.credential.value = JSON.stringify(written(credential));
    form.submit();
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const silent = form.querySelector("[data-passkey-silent]");
    silent.hidden = button.disabled = true;
    /* Nobody touched the key, it is not known here, or the browser refused: to the person it is the same. */
    await ask().catch(() => {
      silent.hidden = false;
      button.disabled = false;
    });
  });
})();
