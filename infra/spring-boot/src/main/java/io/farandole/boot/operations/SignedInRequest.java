package io.farandole.boot.operations;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;

/** The request of an operator or a service that has signed in with it. */
class SignedInRequest extends HttpServletRequestWrapper {

    private final Principal principal;

    SignedInRequest(HttpServletRequest request, Principal principal) {
        super(request);
        this.principal = principal;
    }

    @Override
    public Principal getUserPrincipal() {
        return principal;
    }

    @Override
    public String getRemoteUser() {
        return principal.getName();
    }

    @Override
    public String getAuthType() {
        return BASIC_AUTH;
    }
}
