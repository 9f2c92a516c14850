package cluster

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestRegistryAsksForThePasswordOfPrivateRepositories(t *testing.T) {
	server := httptest.NewServer(NewRegistry())
	t.Cleanup(server.Close)
	tests := []struct {
		path, user, password string
		status               int
	}{
		{"/v2/", "", "", http.StatusUnauthorized},
		{"/v2/", RegistryUser, RegistryPassword, http.StatusOK},
		{"/v2/", RegistryUser, "wrong", http.StatusUnauthorized},
		{"/v2/private/a/tags/list", "", "", http.StatusUnauthorized},
		{"/v2/private/a/tags/list", RegistryUser, RegistryPassword, http.StatusNotFound},
		{"/v2/demo/a/tags/list", "", "", http.StatusNotFound},
		{"/v2/demo/a/tags/list", "robot", "wrong", http.StatusUnauthorized},
	}
	for _, test := range tests {
		request, err := http.NewRequest(http.MethodGet, server.URL+test.path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if test.user != "" {
			request.SetBasicAuth(test.user, test.password)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != test.status {
			t.Errorf("%s as %q: %d, want %d", test.path, test.user, response.StatusCode, test.status)
		}
		if challenge := response.Header.Get("WWW-Authenticate"); (challenge != "") != (test.status == http.StatusUnauthorized) {
			t.Errorf("%s as %q: challenge %q", test.path, test.user, challenge)
		}
	}
}

func TestOptionsDescribeThemselves(t *testing.T) {
	one := &Options{Work: "/a", Index: 1, Node: true, TokenUsers: DefaultTokenUsers()}
	started := *one
	started.TokenUsers = DefaultTokenUsers()
	started.TokenUsers[0].Token = "made at the start"
	if !one.Same(&started) {
		t.Errorf("a started cluster is not the one asked for: %s, %s", one.Describe(), started.Describe())
	}
	for _, other := range []Options{
		{Index: 2, Node: true, TokenUsers: one.TokenUsers},
		{Index: 1, TokenUsers: one.TokenUsers},
		{Index: 1, Node: true, OIDC: true, TokenUsers: one.TokenUsers},
		{Index: 1, Node: true},
	} {
		if one.Same(&other) {
			t.Errorf("%s passes for %s", other.Describe(), one.Describe())
		}
	}
	if a, b := (&Options{Work: "/a", Index: 1}).Cgroup(), (&Options{Work: "/b", Index: 1}).Cgroup(); a == b {
		t.Errorf("two work folders share the cgroup %s", a)
	}
}
