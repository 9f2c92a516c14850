package oidc

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	gooidc "github.com/coreos/go-oidc"
)

func serve(t *testing.T) *Issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	issuer := &Issuer{Client: "slipway", Key: key}
	server := httptest.NewServer(issuer.Handler())
	t.Cleanup(server.Close)
	issuer.URL = server.URL
	return issuer
}

func mint(t *testing.T, sign func(Identity, time.Time) (string, error), until time.Time) string {
	t.Helper()
	token, err := sign(Identity{Subject: "ann", Groups: []string{"dev"}}, until)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// verify reads a token as any client would: by discovery.
func verify(t *testing.T, issuer *Issuer, token string) (*gooidc.IDToken, error) {
	t.Helper()
	provider, err := gooidc.NewProvider(t.Context(), issuer.URL)
	if err != nil {
		t.Fatal(err)
	}
	return provider.Verifier(&gooidc.Config{ClientID: issuer.Client, SupportedSigningAlgs: []string{gooidc.ES256}}).Verify(t.Context(), token)
}

func TestIDTokenVerifies(t *testing.T) {
	issuer := serve(t)
	token, err := verify(t, issuer, mint(t, issuer.IDToken, time.Now().Add(time.Minute)))
	if err != nil || token.Subject != "ann" {
		t.Fatalf("verified as %+v, %v", token, err)
	}
	if _, err := verify(t, issuer, mint(t, issuer.IDToken, time.Now().Add(-time.Minute))); err == nil {
		t.Error("an expired token verified")
	}
}

func TestRefresh(t *testing.T) {
	issuer, stranger := serve(t), serve(t)
	soon := time.Now().Add(time.Hour)
	good := mint(t, issuer.RefreshToken, soon)
	tests := []struct {
		name   string
		form   url.Values
		status int
	}{
		{"good", url.Values{"grant_type": {"refresh_token"}, "client_id": {"slipway"}, "refresh_token": {good}}, http.StatusOK},
		{"another grant", url.Values{"grant_type": {"password"}, "client_id": {"slipway"}}, http.StatusBadRequest},
		{"another client", url.Values{"grant_type": {"refresh_token"}, "client_id": {"other"}, "refresh_token": {good}}, http.StatusBadRequest},
		{"expired", url.Values{"grant_type": {"refresh_token"}, "client_id": {"slipway"}, "refresh_token": {mint(t, issuer.RefreshToken, time.Now().Add(-time.Hour))}}, http.StatusBadRequest},
		{"an identity token", url.Values{"grant_type": {"refresh_token"}, "client_id": {"slipway"}, "refresh_token": {mint(t, issuer.IDToken, soon)}}, http.StatusBadRequest},
		{"another issuer's", url.Values{"grant_type": {"refresh_token"}, "client_id": {"slipway"}, "refresh_token": {mint(t, stranger.RefreshToken, soon)}}, http.StatusBadRequest},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			response, err := http.PostForm(issuer.URL+"/token", test.form)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			var answer struct {
				IDToken string `json:"id_token"`
				Error   string `json:"error"`
			}
			if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != test.status || (answer.Error == "") != (test.status == http.StatusOK) {
				t.Fatalf("answered %d %+v, want %d", response.StatusCode, answer, test.status)
			}
			if test.status == http.StatusOK {
				if token, err := verify(t, issuer, answer.IDToken); err != nil || token.Subject != "ann" {
					t.Errorf("the new token verified as %+v, %v", token, err)
				}
			}
		})
	}
}
