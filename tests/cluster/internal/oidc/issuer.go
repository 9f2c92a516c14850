// Package oidc is a small OpenID Connect issuer: discovery, keys, and the exchange of refresh tokens. It keeps nothing:
// a refresh token is itself a signed token, so it can be minted by whoever has the key.
package oidc

import (
	"crypto/ecdsa"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// TokenValidity is how long a refreshed identity token is good for.
const TokenValidity = 5 * time.Minute

const (
	keyID          = "slipway-cluster"
	refreshPurpose = "refresh"
)

// Issuer signs identity tokens for one client.
type Issuer struct {
	URL    string
	Client string
	Key    *ecdsa.PrivateKey
}

// Identity is whom a token speaks for.
type Identity struct {
	Subject string
	Groups  []string
}

type claims struct {
	jwt.Claims
	Groups  []string `json:"groups,omitempty"`
	Purpose string   `json:"purpose,omitempty"`
}

// IDToken signs an identity token that expires at the given time.
func (i *Issuer) IDToken(identity Identity, until time.Time) (string, error) {
	return i.sign(identity, until, "")
}

// RefreshToken signs a refresh token.
func (i *Issuer) RefreshToken(identity Identity, until time.Time) (string, error) {
	return i.sign(identity, until, refreshPurpose)
}

func (i *Issuer) sign(identity Identity, until time.Time, purpose string) (string, error) {
	key := jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: i.Key, KeyID: keyID}}
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", fmt.Errorf("prepare a token for %s: %w", identity.Subject, err)
	}
	issued := time.Now()
	if until.Before(issued) {
		issued = until.Add(-TokenValidity)
	}
	token, err := jwt.Signed(signer).Claims(claims{
		Claims:  jwt.Claims{Issuer: i.URL, Subject: identity.Subject, Audience: jwt.Audience{i.Client}, IssuedAt: jwt.NewNumericDate(issued), Expiry: jwt.NewNumericDate(until)},
		Groups:  identity.Groups,
		Purpose: purpose,
	}).Serialize()
	if err != nil {
		return "", fmt.Errorf("sign a token for %s: %w", identity.Subject, err)
	}
	return token, nil
}

// Handler serves the issuer below its URL.
func (i *Issuer) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]any{
			"issuer":                                i.URL,
			"authorization_endpoint":                i.URL + "/authorize",
			"token_endpoint":                        i.URL + "/token",
			"jwks_uri":                              i.URL + "/keys",
			"grant_types_supported":                 []string{"refresh_token"},
			"response_types_supported":              []string{"code"},
			"subject_types_supported":               []string{"public"},
			"id_token_signing_alg_values_supported": []string{string(jose.ES256)},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &i.Key.PublicKey, KeyID: keyID, Algorithm: string(jose.ES256), Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", i.token)
	return mux
}

func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	if grant := r.FormValue("grant_type"); grant != "refresh_token" {
		refuse(w, "unsupported_grant_type", fmt.Sprintf("grant %q is not supported", grant))
		return
	}
	client, _, basic := r.BasicAuth()
	if !basic {
		client = r.FormValue("client_id")
	}
	if client != i.Client {
		refuse(w, "invalid_client", fmt.Sprintf("client %q is not known", client))
		return
	}
	refresh := r.FormValue("refresh_token")
	identity, err := i.verifyRefresh(refresh)
	if err != nil {
		refuse(w, "invalid_grant", err.Error())
		return
	}
	id, err := i.IDToken(identity, time.Now().Add(TokenValidity))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, http.StatusOK, map[string]any{"token_type": "Bearer", "access_token": id, "id_token": id, "refresh_token": refresh, "expires_in": int(TokenValidity.Seconds())})
}

func (i *Issuer) verifyRefresh(token string) (Identity, error) {
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return Identity{}, fmt.Errorf("read the refresh token: %w", err)
	}
	var c claims
	if err := parsed.Claims(&i.Key.PublicKey, &c); err != nil {
		return Identity{}, fmt.Errorf("verify the refresh token: %w", err)
	}
	if err := c.Validate(jwt.Expected{Issuer: i.URL, AnyAudience: jwt.Audience{i.Client}, Time: time.Now()}); err != nil {
		return Identity{}, fmt.Errorf("verify the refresh token: %w", err)
	}
	if c.Purpose != refreshPurpose {
		return Identity{}, fmt.Errorf("verify the refresh token: it is another kind of token")
	}
	return Identity{c.Subject, c.Groups}, nil
}

func refuse(w http.ResponseWriter, code, description string) {
	answer(w, http.StatusBadRequest, map[string]string{"error": code, "error_description": description})
}

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // the client has gone away
}
